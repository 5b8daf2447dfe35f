// The ladder's last rung on a real kernel: the port's own switch, `disable`.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf, type ResetDocument, stepsOf } from '../guest/contract.ts';
import { ttyAt } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const SWITCH = '/sys/bus/usb/devices/1-0:1.0/usb1-port1/disable';
/** Written by all modemctl of root's; each case begins its hour anew. */
const LOG = '/run/modemctl/1-1.power';

const isOff = async () => (await readFile(SWITCH, 'latin1')).trim() === '1';
const newHour = () => writeFile(LOG, '').catch(() => {});

export const cases: KernelCase[] = [
  {
    name: 'power: a modem that no USB reset brings back is brought back by its port, where that is named; by nobody else',
    essential: true,
    async run(guest) {
      await newHour();
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      unit!.followPower(guest);
      const tty = unit!.tty;
      unit!.misbehave('dead-after-reset');
      const vain = documentOf<ResetDocument>(await guest.cli(['reset', '--json', '-d', '1-1']), 9, 'NOT_RECOVERED');
      assert.deepEqual(stepsOf(vain), ['at', 'escape', 'dtr', 'usb']);
      assertFails(await guest.cli(['reset', '--method', 'power'], { user: 'dialout' }), 4, 'DENIED');
      assert.equal(await isOff(), false);
      const run = await guest.cli(['reset', '--json', '--up-to', 'power', '-d', '1-1']);
      const document = documentOf<ResetDocument>(run, 0);
      assert.deepEqual(stepsOf(document), ['at', 'escape', 'dtr', 'usb', 'power']);
      assert.deepEqual([document.recoveredBy, document.tty], ['power', tty]);
      assert.equal(await isOff(), false);
    },
  },
  {
    name: 'power: a modem that has left the bus for good is brought back by its port path, and by watch --recover-power; on-failure is told of one that is not',
    async run(guest) {
      await newHour();
      const { units } = await plugIn(guest, { model: 'tfm561u' });
      const [unit] = units;
      unit!.followPower(guest);
      unit!.misbehave('dead-until-power');
      await guest.cli(['at', 'AT', '--timeout', '2s']);
      await guest.until('it has left the bus', () => ttyAt('1-1') === null);
      assertFails(await guest.cli(['reset', '-d', '1-1']), 3, 'NO_MODEM');
      const document = documentOf<ResetDocument>(
        await guest.cli(['reset', '--json', '--method', 'power', '-d', '1-1']),
        0,
      );
      assert.deepEqual([document.modem, document.recoveredBy, document.tty], ['1-1', 'power', '/dev/ttyACM0']);

      const hook = 'echo "$MODEMCTL_EVENT $MODEMCTL_MODEM $MODEMCTL_WHY" >>/tmp/failures';
      const watch = guest.startCli(['watch', '--json', '--recover-power', '--on-failure', hook, '--check-every', '5s']);
      let told = '';
      watch.stdout!.on('data', (data: Buffer) => {
        told += data;
      });
      const events = () =>
        told
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).event as string);
      const tells = (wanted: string[]) =>
        guest.until(`watch tells ${wanted}`, () => events().join() === wanted.join(), 120_000);
      await tells(['waiting']);
      unit!.misbehave('dead-until-power');
      await tells(['waiting', 'unplugged', 'recovered', 'plugged', 'waiting']);
      assert.match(told, /"recoveredBy":"power"/);
      // Two were counted; now it has been enough.
      await writeFile(LOG, (await readFile(LOG, 'latin1')).repeat(2));
      unit!.misbehave('dead-until-power');
      await tells(['waiting', 'unplugged', 'recovered', 'plugged', 'waiting', 'unplugged', 'gaveUp']);
      await guest.until(
        'the hook has run',
        async () => (await readFile('/tmp/failures', 'latin1').catch(() => '')) !== '',
      );
      assert.match(
        await readFile('/tmp/failures', 'latin1'),
        /^gaveUp 1-1 .* was switched 3 times within the last hour\n$/,
      );
      watch.kill('SIGINT');
    },
  },
  {
    name: 'power: killed midway, the port is on again; four times in an hour is refused',
    async run(guest) {
      await newHour();
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      unit!.followPower(guest);
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        const reset = guest.startCli(['reset', '--method', 'power', '-d', '1-1']);
        await guest.until('the port is off', isOff);
        reset.kill(signal);
        await guest.until('the port is on again', async () => !(await isOff()));
        await unit!.ready(guest);
      }
      const third = await guest.cli(['reset', '--method', 'power', '-d', '1-1', '--json']);
      assert.equal(documentOf<ResetDocument>(third, 0).recoveredBy, 'power');
      const fourth = await guest.cli(['reset', '--method', 'power', '-d', '1-1', '--json']);
      const refused = documentOf<ResetDocument>(fourth, 9, 'NOT_RECOVERED');
      assert.deepEqual(
        refused.steps.map(({ outcome }) => outcome),
        ['refused'],
      );
      assert.equal((await guest.cli(['at', 'AT'])).code, 0, 'nothing was done to it');
    },
  },
  {
    name: 'given up: watch tells of a modem that does not come back from its USB reset, and its hook runs',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      const hook = 'echo "$MODEMCTL_EVENT $MODEMCTL_MODEM" >>/tmp/given-up';
      const watch = guest.startCli(['watch', '--json', '--on-failure', hook, '--check-every', '5s']);
      let told = '';
      watch.stdout!.on('data', (data: Buffer) => {
        told += data;
      });
      const tells = (event: string) =>
        guest.until(`watch tells ${event}`, () => told.includes(`"event":"${event}"`), 180_000);
      await tells('waiting');
      unit!.misbehave('wedged');
      await tells('hung');
      await tells('gaveUp');
      await guest.until('the hook has run', () => existsSync('/tmp/given-up'));
      assert.equal(await readFile('/tmp/given-up', 'latin1'), 'gaveUp 1-1\n');
      assert.ok(!told.includes('"recovered"'), told);
      watch.kill('SIGINT');
    },
  },
];
