/** What a wrong command line is told besides what is wrong: in which option, and where to read on. */
import { isModemctlError, ModemctlError } from '../core/errors.ts';

/** The parser of an option's value, whose errors name the option: of `--rings 5h --wait 5h` one must see which is meant. */
export function namingItself(
  option: string,
  parse: (text: string, previous: unknown) => unknown,
): (text: string, previous: unknown) => unknown {
  return (text, previous) => {
    try {
      return parse(text, previous);
    } catch (error) {
      if (!isModemctlError(error, 'USAGE') || error.message.includes(option)) throw error;
      const { message, hint, details, cause } = error;
      throw new ModemctlError('USAGE', `${option}: ${message}`, { ...(hint === null ? {} : { hint }), details, cause });
    }
  };
}

/** The same error; one of usage that has no hint sends to the command's help. */
export function withHelp(error: ModemctlError, command: string | null): ModemctlError {
  if (error.code !== 'USAGE' || error.hint !== null) return error;
  const { message, details, cause } = error;
  return new ModemctlError('USAGE', message, { hint: helpOf(command), details, cause });
}

export function helpOf(command: string | null): string {
  return `See: modemctl ${command === null ? '' : `${command} `}--help`;
}
