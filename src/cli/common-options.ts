/** The options every command has, before or after its name. */
import type { OptionSpec } from './command.ts';

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-d, --device <selector>',
    describe:
      'which modem: USB port path, VID:PID, serial number, part of its name, a name from the configuration, or a tty (also MODEMCTL_DEVICE)',
  },
  { flags: '--json', describe: 'print one JSON document on stdout' },
  { flags: '-v, --verbose', describe: 'show every byte to and from the modem on stderr' },
  { flags: '-q, --quiet', describe: 'no progress and no remarks on stderr' },
  { flags: '--trace <file>', describe: 'write every byte, with times, to a file' },
  { flags: '--record <file>', describe: 'write the dialogue to a file that a bug report can be made a test of' },
  { flags: '--show-numbers', describe: 'do not mask telephone numbers in traces and records' },
  {
    flags: '--config <file>',
    describe: 'read this configuration and no other (also MODEMCTL_CONFIG); /dev/null: none',
  },
  { flags: '--color', describe: 'colours even where stdout is no terminal' },
  { flags: '--no-color', describe: 'no colours (also NO_COLOR)' },
];
