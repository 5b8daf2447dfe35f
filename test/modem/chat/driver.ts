import type { ChatAction } from '../../../src/modem/chat/chat-action.ts';
import { ChatRun } from '../../../src/modem/chat/chat-run.ts';
import { chatExitCode } from '../../../src/modem/chat/failure.ts';
import type { ChatScript } from '../../../src/modem/chat/script.ts';

/** What a run of a script came to. */
export interface Outcome {
  readonly sent: string;
  /** What chat writes to its standard error: SAY, ECHO and REPORT. */
  readonly shown: string;
  readonly code: number;
  /** What was left in the line. */
  readonly rest: string;
}

/** Drives a script whose far end said all it will say before the start; time passes as fast as it can. */
export function drive(script: ChatScript, said: string, files: Readonly<Record<string, string>> = {}): Outcome {
  const run = new ChatRun(script);
  let now = 0;
  let sent = '';
  let shown = '';
  let code = -1;
  const perform = (actions: readonly ChatAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'send') sent += Buffer.from(action.bytes).toString('latin1');
      else if (action.kind === 'say' || action.kind === 'echo') shown += action.text;
      else if (action.kind === 'report') shown += `chat:  ${action.text}\n`;
      else if (action.kind === 'done') code = 0;
      else if (action.kind === 'failed') code = chatExitCode(action.failure);
      else if (action.kind === 'readFile') {
        const content = files[action.path];
        perform(run.fileRead(content === undefined ? null : Buffer.from(content, 'latin1'), now));
      }
    }
  };
  perform(run.start(now));
  perform(run.receive(Buffer.from(said, 'latin1'), now));
  while (!run.isOver) {
    if (run.wakeAt === null) throw new Error('the script waits for nothing');
    now = run.wakeAt;
    perform(run.wake(now));
  }
  return { sent, shown, code, rest: Buffer.from(run.takeRest()).toString('latin1') };
}
