/** All commands, in the order of the help. */
import type { CommandSpec } from '../command.ts';
import { answer } from './answer.ts';
import { at } from './at.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { demo } from './demo.ts';
import { detect } from './detect.ts';
import { dial } from './dial.ts';
import { doctor } from './doctor.ts';
import { exec } from './exec.ts';
import { hangup } from './hangup.ts';
import { health } from './health.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { models } from './models.ts';
import { overview } from './overview.ts';
import { reset } from './reset.ts';
import { setup } from './setup.ts';
import { term } from './term.ts';
import { tty } from './tty.ts';
import { virtual } from './virtual.ts';
import { watch } from './watch.ts';

export const COMMANDS: readonly CommandSpec[] = [
  detect,
  info,
  health,
  doctor,
  tty,
  models,
  at,
  term,
  init,
  exec,
  dial,
  answer,
  hangup,
  reset,
  watch,
  setup,
  configCommand(() => COMMANDS),
  demo,
  virtual,
  completionCommand(() => COMMANDS),
];

/** What `modemctl` alone does. */
export const OVERVIEW = overview;
