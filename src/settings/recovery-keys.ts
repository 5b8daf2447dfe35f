/** `[recovery]`: how far modemctl goes to bring a modem back, and what is told when it cannot. */
import type { SectionSpec } from './key-spec.ts';

/** What is run: anything, but not nothing. */
export const COMMAND_LINE = { pattern: /\S/, name: 'command: it is empty' };

export const RECOVERY: SectionSpec = {
  name: 'recovery',
  named: false,
  describe: 'how "reset", "answer" and "watch" bring a modem back',
  keys: [
    {
      key: 'up_to',
      kind: 'choice',
      choices: ['usb', 'power'],
      describe: 'the strongest step; "power" permits them to switch the power of its port',
      default: '"usb"',
      example: '"power"',
      unless: ['method', 'upTo'],
    },
    {
      key: 'power_command',
      kind: 'text',
      form: COMMAND_LINE,
      describe: 'a line for /bin/sh that switches the power, by MODEMCTL_POWER=off|on: a relay',
      option: 'powerCommand',
      onlyWith: 'power',
      runs: true,
      unless: ['powerBy'],
      example: '"/usr/local/bin/relay 3"',
    },
    {
      key: 'power_by',
      kind: 'choice',
      choices: ['command', 'port', 'uhubctl'],
      describe: 'switch it this way and no other',
      option: 'powerBy',
      onlyWith: 'power',
      unless: ['powerCommand'],
      example: '"uhubctl"',
    },
    {
      key: 'power_also',
      kind: 'texts',
      describe: 'USB ports of devices that may lose power although this machine needs them',
      option: 'powerAlso',
      onlyWith: 'power',
      example: '["1-1.3"]',
    },
    {
      key: 'on_failure',
      kind: 'text',
      form: COMMAND_LINE,
      describe: 'run this when a modem cannot be brought back: a file, or a line for /bin/sh',
      option: 'onFailure',
      runs: true,
      example: '"/usr/local/bin/modem-lost"',
    },
    {
      key: 'check_every',
      kind: 'duration',
      min: 1000,
      describe: 'ask an idle modem whether it still answers',
      option: 'checkEvery',
      default: '5m',
      example: '"1m"',
    },
    {
      key: 'suspect_after',
      kind: 'whole',
      min: 1,
      max: 1_000_000,
      describe: 'tell when so many calls in a row had no caller ID any more, or did not connect',
      option: 'suspectAfter',
      default: '5',
      example: '3',
    },
    {
      key: 'reset_suspect',
      kind: 'flag',
      describe: 'and have the modem reset then (USB)',
      option: 'resetSuspect',
      example: 'true',
    },
  ],
};
