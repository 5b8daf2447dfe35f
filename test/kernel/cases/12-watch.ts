// Modems as they come and go: detect --watch.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import type { ModemInfoJson } from '../../../src/usb/modem-info.ts';
import type { KernelCase } from '../guest/case.ts';
import { type Guest, holdersOf, pause, type User } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

interface WatchEvent {
  readonly time: string;
  readonly event: string;
  readonly present?: boolean;
  readonly modem: ModemInfoJson;
}

/** A `detect --watch` that goes on beside the case. */
class Watch {
  readonly child: ChildProcess;
  readonly #guest: Guest;
  #text = '';
  #heard = 0;

  constructor(guest: Guest, user: User) {
    this.#guest = guest;
    this.child = guest.startCli(['detect', '--watch', '--json'], { user });
    this.child.stdout!.on('data', (data: Buffer) => {
      this.#text += data.toString();
    });
  }

  get #events(): WatchEvent[] {
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as WatchEvent);
  }

  /** The next event, as `plugged 1-1 0baf:0303 /dev/ttyACM0 ready`. */
  async next(): Promise<string> {
    const what = `event ${this.#heard + 1} is told`;
    await this.#guest.until(what, () => this.#events.length > this.#heard);
    const { event, present, modem } = this.#events[this.#heard++]!;
    const { id, vendorId, productId, tty, state } = modem;
    return `${present ? 'present' : event} ${id} ${vendorId}:${productId} ${tty} ${state}`;
  }

  async silent(forMs: number): Promise<void> {
    await pause(forMs);
    assert.deepEqual(this.#events.slice(this.#heard), [], 'nothing more is told');
  }

  /** Ends it as Ctrl-C does. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
    this.child.kill('SIGINT');
    assert.equal(await ended, 'SIGINT');
  }
}

export const cases: KernelCase[] = [
  {
    name: 'detect --watch without udev',
    async run(guest) {
      await guest.stopUdev();
      const { units } = await plugIn(
        guest,
        { model: 'hiro' },
        { model: 'usr5637', plugged: false },
        { model: 'tfm561u', plugged: false },
      );
      const [hiro, usr, tfm] = units;
      const root = new Watch(guest, 'root');
      const user = new Watch(guest, 'dialout');
      for (const watch of [root, user]) assert.equal(await watch.next(), 'present 1-1 047e:2892 null softmodem');
      const begin = performance.now();
      await usr!.usb.plugIn();
      assert.equal(await root.next(), 'plugged 1-2 0baf:0303 /dev/ttyACM0 ready');
      guest.note(`plugged: told after ${Math.round(performance.now() - begin)} ms`);
      // Without udev nobody gives a user the right, and that is told when it is sure.
      assert.equal(await user.next(), 'plugged 1-2 0baf:0303 /dev/ttyACM0 denied');
      await usr!.usb.unplug();
      await tfm!.usb.plugIn();
      assert.equal(await root.next(), 'unplugged 1-2 0baf:0303 /dev/ttyACM0 ready');
      assert.equal(await root.next(), 'plugged 1-2 0572:1329 /dev/ttyACM0 ready');
      assert.equal(await user.next(), 'unplugged 1-2 0baf:0303 /dev/ttyACM0 denied');
      // It has no tty, so no node but that of its bus tells.
      await hiro!.usb.unplug();
      assert.equal(await root.next(), 'unplugged 1-1 047e:2892 null softmodem');
      await root.end();
      await user.end();
    },
  },
  {
    name: 'detect --watch tells who comes and goes: another tty number, another modem at the same port, a reset that is no event; and whoever hears of a modem may open it',

    async run(guest) {
      const { units } = await plugIn(
        guest,
        { model: 'hiro' },
        { model: 'usr5637', plugged: false },
        { model: 'tfm561u', plugged: false },
      );
      const [, usr, tfm] = units;
      // One who depends on the rights that udev gives some ms after the node was made.
      const watch = new Watch(guest, 'dialout');
      assert.equal(await watch.next(), 'present 1-1 047e:2892 null softmodem');

      await usr!.usb.plugIn();
      assert.equal(await watch.next(), 'plugged 1-2 0baf:0303 /dev/ttyACM0 ready');
      const opened = await guest.run(['bash', '-c', 'exec 3<>/dev/ttyACM0'], { user: 'dialout' });
      assert.equal(opened.code, 0, 'it can be opened at once');

      const keeper = guest.start(['bash', '-c', 'exec 3<>/dev/ttyACM0; exec sleep 301']);
      await guest.until('another program has it', () => holdersOf('/dev/ttyACM0').includes(keeper.pid!));
      const begin = performance.now();
      await usr!.usb.unplug();
      assert.equal(await watch.next(), 'unplugged 1-2 0baf:0303 /dev/ttyACM0 ready');
      guest.note(`unplugged: told after ${Math.round(performance.now() - begin)} ms`);
      await usr!.usb.plugIn();
      assert.equal(await watch.next(), 'plugged 1-2 0baf:0303 /dev/ttyACM1 ready');
      keeper.kill('SIGKILL');

      await usr!.usb.unplug();
      await tfm!.usb.plugIn();
      assert.equal(await watch.next(), 'unplugged 1-2 0baf:0303 /dev/ttyACM1 ready');
      assert.equal(await watch.next(), 'plugged 1-2 0572:1329 /dev/ttyACM0 ready');

      // Reset under the hands of another program, which keeps the number: it comes back as another tty.
      assert.equal((await guest.cli(['reset', '--method', 'usb', '-d', '1-2'])).code, 0);
      assert.equal(guest.log.resets('1-2').length, 1);
      await watch.silent(3000);
      const other = guest.start(['bash', '-c', 'exec 3<>/dev/ttyACM0; exec sleep 301']);
      await guest.until('another program has it', () => holdersOf('/dev/ttyACM0').includes(other.pid!));
      assert.equal((await guest.cli(['reset', '--method', 'usb', '--force', '-d', '1-2'])).code, 0);
      assert.equal(await watch.next(), 'changed 1-2 0572:1329 /dev/ttyACM1 ready');
      other.kill('SIGKILL');

      await guest.sysfs('/sys/bus/usb/drivers/cdc_acm/unbind', '1-2:1.0');
      assert.equal(await watch.next(), 'changed 1-2 0572:1329 null no-driver');
      await tfm!.usb.unplug();
      assert.equal(await watch.next(), 'unplugged 1-2 0572:1329 null no-driver');
      await watch.end();
    },
  },
];
