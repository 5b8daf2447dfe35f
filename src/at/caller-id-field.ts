/** The parts of a caller's identity, whatever the modem calls them. */

export type CallerIdField =
  | 'date'
  | 'time'
  | 'number'
  /** The number to dial to call back, which in a few networks stands in place of the caller's own. */
  | 'dialableNumber'
  | 'name'
  /** Why there is no number or name: `P`, `O`, or in words. */
  | 'noNumber'
  | 'noName'
  /** The message or a part of it, in hexadecimal. */
  | 'message'
  | 'calledNumber';

/** A value as sent, blanks around it off. Nothing in it is to be trusted. */
export interface CallerIdValue {
  readonly field: CallerIdField;
  readonly value: string;
}
