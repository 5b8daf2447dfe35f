/** Caller ID: what a caller puts there is a number or none, and a name that is fit for a terminal. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CallerIdCollector } from '../../../src/at/caller-id-collector.ts';
import { decodeCallerIdMessage } from '../../../src/at/caller-id-message.ts';
import { maskNumbers } from '../../../src/core/mask.ts';
import { parseCallers, refusalOf } from '../../../src/services/answering/caller-list.ts';
import { fuzz, orError, textOf } from '../property.ts';

const line = fc.oneof(
  textOf(
    [
      ...[
        'NMBR',
        'NAME',
        'MESG',
        'DATE',
        'TIME',
        'NDID',
        'CALLER NUMBER:',
        '+CLIP: ',
        '"',
        ',',
        '=',
        ' = ',
        ':',
        'P',
        'O',
        'PRIVATE',
        'OUT OF AREA',
      ],
      ...['5551234', '+49', '*', '#', '0117', '1452', 'SMITH JOHN', '80', '04', '0F30313137313435320207', 'ÿ'],
    ],
    500,
  ),
  fc.stringMatching(/^(MESG ?= ?)?(80|04)?[0-9A-F]{0,300}$/),
);
const list = textOf(['5550137', '0049*', '*', 'private', 'unknown', ',', ' ', '+', 'all'], 300);

export const callerId = fuzz('caller ID', fc.tuple(fc.array(line, { maxLength: 10 }), list), ([lines, callers]) => {
  const collector = new CallerIdCollector();
  for (const text of lines) {
    collector.take(text);
    decodeCallerIdMessage(text);
    maskNumbers(text);
  }
  const told = collector.callerId;
  const entries = orError(() => parseCallers(callers));
  if (entries) refusalOf(told, { allow: entries, deny: entries });
  if (told === null) return;
  for (const number of [told.number, told.calledNumber]) assert.match(number ?? '', /^(\+?[0-9*#]{1,32})?$/);
  assert.equal(told.presentation === 'allowed', told.number !== null);
  for (const text of [told.name, told.date, told.time]) assert.match(text ?? '', /^[^\x00-\x1f\x7f-\x9f]{0,50}$/);
});
