// A modem that is kept: watch on a real tty, through whatever befalls it, and what others may ask meanwhile.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import type { Exchange } from '../../../src/virtual/exchange/exchange.ts';
import { usageOfAnIdleSecond } from '../../support/usage.ts';
import type { KernelCase } from '../guest/case.ts';
import { type AtDocument, assertFails, documentOf } from '../guest/contract.ts';
import { type Guest, holdersOf, pause } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const SOCKET = '/run/modemctl/1-1.sock';

interface Told {
  readonly event: string;
  readonly modem: { readonly id: string; readonly tty: string | null };
  readonly after?: string;
  readonly to?: string;
  readonly count?: number;
  readonly caller?: { readonly number: string | null; readonly name: string | null } | null;
}

/** A `watch` that goes on beside the case. */
class Watch {
  readonly child: ChildProcess;
  readonly #guest: Guest;
  #text = '';
  #heard = 0;

  constructor(guest: Guest, ...args: string[]) {
    this.#guest = guest;
    this.child = guest.startCli(['watch', '--json', ...args]);
    this.child.stdout!.on('data', (data: Buffer) => {
      this.#text += data.toString();
    });
    this.child.stderr!.on('data', (data: Buffer) => guest.note(`watch says: ${data}`));
  }

  get #events(): Told[] {
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Told);
  }

  async next(): Promise<Told> {
    const told = () => this.#events.length > this.#heard;
    await this.#guest.until(`event ${this.#heard + 1} is told; so far ${this.#text}`, told);
    return this.#events[this.#heard++]!;
  }

  /** The next events are these, in this order. */
  async tells(...wanted: string[]): Promise<Told[]> {
    const events: Told[] = [];
    for (const _ of wanted) events.push(await this.next());
    assert.deepEqual(
      events.map(({ event, after }) => [event, after].filter(Boolean).join(' ')),
      wanted,
    );
    return events;
  }

  /** Ends it as Ctrl-C does. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
    this.child.kill('SIGINT');
    assert.equal(await ended, 'SIGINT');
  }
}

function ring(exchange: Exchange, number: string, name: string): void {
  assert.ok(exchange.ringFromOutside('5550101', { number, name }, 2), 'it rings');
}

/** As any other program would (USBDEVFS_RESET). */
async function resetByStranger(guest: Guest): Promise<void> {
  const [bus, device] = ['busnum', 'devnum'].map((name) =>
    readFileSync(`/sys/bus/usb/devices/1-1/${name}`, 'utf8').trim().padStart(3, '0'),
  );
  const script = 'open(my $f, ">", $ARGV[0]) or die; ioctl($f, 0x5514, 0) or die "$!"';
  const { code } = await guest.run(['perl', '-e', script, `/dev/bus/usb/${bus}/${device}`]);
  assert.equal(code, 0, 'the reset was done');
}

export const cases: KernelCase[] = [
  {
    name: 'watch tells who calls, before and after a USB reset by somebody else and a replug under another number; others borrow the modem meanwhile',
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      const watch = new Watch(
        guest,
        '--exec',
        'echo "$MODEMCTL_EVENT $MODEMCTL_TTY $MODEMCTL_CALLER_NAME" >> /tmp/hooks',
      );
      const [ready] = await watch.tells('waiting start');
      assert.deepEqual([ready!.modem.id, ready!.modem.tty], ['1-1', '/dev/ttyACM0']);
      ring(exchange, '5551111', 'ONE');
      const [, first] = await watch.tells('ring', 'callerId', 'ring', 'ringEnded');
      assert.deepEqual([first!.caller?.number, first!.caller?.name], ['5551111', 'ONE']);

      const socket = statSync(SOCKET);
      assert.deepEqual([(socket.mode & 0o777).toString(8), socket.gid], ['660', 20], 'root and dialout may ask');
      assertFails(await guest.cli(['at', 'ATI3'], { user: 'stranger' }), 5, 'IN_USE');
      const at = documentOf<AtDocument>(await guest.cli(['at', '--json', 'ATI3'], { user: 'dialout' }), 0);
      assert.match(at.commands[0]!.lines[0]!, /^U\.S\. Robotics/);
      const [lent] = await watch.tells('lent', 'waiting loan');
      assert.match(lent!.to!, /^modemctl at \(pid \d+\)$/);

      await resetByStranger(guest);
      await watch.tells('reset', 'waiting reset');
      assert.equal(guest.log.resets().length, 1);
      ring(exchange, '5552222', 'TWO');
      const [, second] = await watch.tells('ring', 'callerId', 'ring', 'ringEnded');
      assert.equal(second!.caller?.number, '5552222');

      const keeper = guest.start(['bash', '-c', 'exec 3<>/dev/ttyACM0; exec sleep 301']);
      await guest.until('another program has it as well', () => holdersOf('/dev/ttyACM0').includes(keeper.pid!));
      await unit!.usb.unplug();
      await watch.tells('unplugged');
      assertFails(await guest.cli(['hangup', '-d', '1-1']), 3, 'NO_MODEM');
      await unit!.usb.plugIn();
      const [, back] = await watch.tells('plugged', 'waiting plugged');
      assert.equal(back!.modem.tty, '/dev/ttyACM1');
      keeper.kill('SIGKILL');
      ring(exchange, '5553333', '$(touch /tmp/owned)');
      const [, third] = await watch.tells('ring', 'callerId', 'ring', 'ringEnded');
      assert.equal(third!.caller?.number, '5553333');

      const hooks = readFileSync('/tmp/hooks', 'utf8');
      assert.match(hooks, /^callerId \/dev\/ttyACM0 ONE$/m);
      assert.match(hooks, /^callerId \/dev\/ttyACM1 \$\(touch \/tmp\/owned\)$/m);
      const owned = await guest.run(['test', '-e', '/tmp/owned']);
      assert.equal(owned.code, 1, 'nothing of the caller was run');
      await watch.end();
      assert.deepEqual(holdersOf('/dev/ttyACM1'), []);
    },
  },
  {
    name: 'watch: a borrower calls out and is hung up from elsewhere; a hung modem is brought back; idle wakes once a second',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const unit = units[0]!;
      const watch = new Watch(guest, '--check-every', '20s');
      await watch.tells('waiting start');
      await pause(2000);
      const idle = await usageOfAnIdleSecond(watch.child.pid!);
      guest.note(`${idle.voluntarySwitches} wakes and ${10 * idle.ticks} ms of processor in a second`);
      assert.ok(idle.voluntarySwitches <= 1, `${idle.voluntarySwitches} wakes in a second`);

      const dial = guest.startCli(['dial', '5550100'], { user: 'dialout' });
      dial.stderr!.on('data', (data: Buffer) => guest.note(`dial says: ${data}`));
      await guest.until('the call is up', () => unit.dce.state.circuits.dcd);
      assertFails(await guest.cli(['at', 'ATI3']), 5, 'IN_USE');
      const ended = new Promise((resolve) => dial.once('exit', (code) => resolve(code)));
      const hangUp = await guest.cli(['hangup', '--json'], { user: 'dialout' });
      assert.equal(hangUp.code, 0);
      assert.equal(unit.dce.state.offHook, false);
      assert.equal(await ended, 0);
      await watch.tells('lent', 'waiting loan');

      unit.misbehave('silent');
      await watch.tells('hung', 'recovered', 'waiting recovered');
      assert.equal(guest.log.resets().length, 1);
      await watch.end();
    },
  },
];
