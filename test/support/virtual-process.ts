/** `modemctl virtual` as a process of its own, and what its control sockets say. */
import { connect } from 'node:net';
import { documentOf, type Lab, type Running } from './cli.ts';

/** A virtual modem, as `modemctl virtual --json` tells of it. */
export interface ToldModem {
  readonly name: string;
  readonly model: string;
  readonly tty: string | null;
  readonly number: string | null;
  readonly control: string;
}

export interface VirtualProcess {
  readonly running: Running;
  readonly modems: readonly ToldModem[];
}

/** Starts virtual modems and waits until they are there. */
export async function startVirtual(lab: Lab, ...args: readonly string[]): Promise<VirtualProcess> {
  const running = lab.start(['virtual', '--json', ...args]);
  await running.says('\n');
  const modems = documentOf({ code: 0, signal: null, stdout: running.stdout, stderr: '', elapsedMs: 0 }).modems;
  return { running, modems: modems as ToldModem[] };
}

/** Asks a control socket, and returns its answer. */
export function askControl(control: string, request: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = connect(control, () => socket.write(`${JSON.stringify(request)}\n`));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error(`${control} did not answer within 10 s`)));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text) as Record<string, unknown>);
    });
    socket.on('error', reject);
  });
}
