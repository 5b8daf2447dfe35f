/** All that is fuzzed. */
import type { Fuzz } from '../property.ts';
import { callerId } from './caller-id.ts';
import { configuration } from './configuration.ts';
import { controlSocket, requests } from './control-socket.ts';
import { lockFiles } from './lock-files.ts';
import { reader, resultText } from './reader.ts';
import { sysfs } from './sysfs.ts';
import { atCommand, chatScript, dialString, names, pppLog, transcripts } from './texts.ts';

export const FUZZES: readonly Fuzz[] = [
  ...[reader, resultText, callerId, sysfs, lockFiles, requests, controlSocket, configuration],
  ...[atCommand, dialString, chatScript, pppLog, transcripts, names],
];
