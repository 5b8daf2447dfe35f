// The doctor: what it finds around a modem, what its remedies do when pasted, and what it does itself when told to.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { assertFails, documentOf } from '../guest/contract.ts';
import { HUNGRY, UNLISTED } from '../guest/devices.ts';
import { type CliOptions, type Guest, holdersOf, ttyAt } from '../guest/guest.ts';
import { plugIn } from '../guest/lab.ts';

const RULES = '/etc/udev/rules.d/70-modemctl.rules';

interface Finding {
  modem: string | null;
  check: string;
  verdict: string;
  text: string;
  remedy: string | null;
  fixable: boolean;
}

interface DoctorDocument {
  modems: string[];
  findings: Finding[];
  fixes?: { done: string; problem: string | null }[];
  line?: { state: string; onHook: boolean };
  call?: { rings: number; caller: { number: string | null; name: string | null } | null; pickedUp: boolean | null };
}

/** Runs it; something FAILs exactly when the exit code is 1. */
async function doctor(guest: Guest, args: readonly string[] = [], options: CliOptions = {}): Promise<DoctorDocument> {
  const result = await guest.cli(['doctor', '--json', ...args], options);
  const failed = (result.json as DoctorDocument | undefined)?.findings?.some(({ verdict }) => verdict === 'fail');
  return documentOf<DoctorDocument>(result, failed ? 1 : 0, failed ? 'FAULTS_FOUND' : undefined);
}

function finding({ findings }: DoctorDocument, check: string, modem: string | null = '1-1'): Finding {
  const found = findings.find((one) => one.check === check && one.modem === modem);
  assert.ok(found, `there is a finding ${check}: ${JSON.stringify(findings)}`);
  return found;
}

/** Pastes a remedy; the guest has no sudo. */
async function paste(guest: Guest, remedy: string | null): Promise<void> {
  assert.ok(remedy, 'there is a remedy');
  assert.equal((await guest.run(['bash', '-c', remedy.replaceAll('sudo ', '')])).code, 0, 'it works as it stands');
}

export const cases: KernelCase[] = [
  {
    name: 'doctor: a modem that is well; one without rights on it, one of dialout, and what --fix does about that',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const before = await doctor(guest);
      assert.deepEqual(before.modems, ['1-1']);
      for (const check of ['driver', 'power', 'autosuspend', 'rights', 'resetRights', 'holders', 'getty', 'answers']) {
        assert.equal(finding(before, check).verdict, 'ok', check);
      }
      assert.match(finding(before, 'firmware').text, /V1\.2\.23/);
      assert.match(finding(before, 'power').text, /360 mA/);
      assert.equal(units[0]!.dce.state.offHook, false);

      const stranger = await doctor(guest, [], { user: 'stranger' });
      assert.equal(finding(stranger, 'rights').verdict, 'fail');
      assert.match(finding(stranger, 'rights').remedy ?? '', /^sudo usermod -aG dialout /);
      assert.ok(!stranger.findings.some(({ check }) => check === 'answers'), 'it was not asked');

      const user = 'dialout';
      const his = await doctor(guest, [], { user });
      assert.deepEqual([finding(his, 'rights').verdict, finding(his, 'resetRights').verdict], ['ok', 'warn']);
      assert.equal(finding(his, 'udevRules').fixable, true);
      const refused = await guest.cli(['doctor', '--fix'], { user });
      assertFails(refused, 4, 'DENIED');
      assert.match(refused.stderr, /^sudo .*modemctl\S* doctor --fix$/m);
      assert.ok(!existsSync(RULES));

      const dead = '/run/lock/LCK..ttyACM7';
      writeFileSync(dead, '   4194000\n');
      guest.onEnd(async () => {
        if (existsSync(RULES)) await guest.cli(['setup', '--remove']);
      });
      const fixed = await doctor(guest, ['--fix']);
      assert.deepEqual(
        fixed.fixes?.filter(({ problem }) => problem !== null),
        [],
      );
      assert.ok(existsSync(RULES) && !existsSync(dead));
      assert.deepEqual([finding(fixed, 'udevRules').verdict, finding(fixed, 'locks', null).verdict], ['ok', 'ok']);
      assert.equal(finding(await doctor(guest, [], { user }), 'resetRights').verdict, 'ok');
      assert.equal((await guest.cli(['setup', '--remove'])).code, 0, 'and it is taken back as it is after setup');
      assert.ok(!existsSync(RULES));
    },
  },
  {
    name: 'doctor: driver unbound, an id that needs new_id, too little power, a winmodem: each with its remedy, which works when pasted',
    async run(guest) {
      await plugIn(
        guest,
        { model: 'usr5637' },
        { model: 'tfm561u', changes: UNLISTED, tty: false },
        { model: 'usr5637', changes: HUNGRY, tty: false },
        { model: 'hiro' },
      );
      await guest.sysfs('/sys/bus/usb/drivers/cdc_acm/unbind', '1-1:2.0');
      await guest.until('its tty is gone', () => ttyAt('1-1') === null);
      const before = await doctor(guest);
      assert.deepEqual(
        [
          finding(before, 'driver', '1-1').verdict,
          finding(before, 'quirk', '1-2').verdict,
          finding(before, 'power', '1-3').verdict,
          finding(before, 'driver', '1-4').verdict,
        ],
        ['fail', 'fail', 'fail', 'fail'],
      );
      assert.match(finding(before, 'power', '1-3').text, /510 mA/);
      assert.match(finding(before, 'driver', '1-4').text, /WINMODEM/);
      guest.onEnd(async () => writeFileSync('/sys/bus/usb/drivers/cdc_acm/remove_id', '0572 1399'));
      await paste(guest, finding(before, 'driver', '1-1').remedy);
      await paste(guest, finding(before, 'quirk', '1-2').remedy);
      await guest.until('both have ttys', () => ttyAt('1-1') !== null && ttyAt('1-2') !== null);
      await guest.settle();
      const after = await doctor(guest);
      assert.deepEqual(
        [finding(after, 'driver', '1-1').verdict, finding(after, 'answers', '1-1').verdict],
        ['ok', 'ok'],
      );
      assert.deepEqual(
        [finding(after, 'driver', '1-2').verdict, finding(after, 'quirk', '1-2').verdict],
        ['ok', 'warn'],
      );
    },
  },
  {
    name: 'doctor: somebody has the modem, a getty does, it hangs; nothing is sent into what another has',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      const holder = guest.start(['bash', '-c', `exec 3<>${unit!.tty}; exec sleep 301`]);
      await guest.until('it is held', () => holdersOf(unit!.tty).includes(holder.pid!));
      const commands = unit!.dce.state.commandCount;
      const held = await doctor(guest);
      assert.deepEqual(
        [finding(held, 'holders').verdict, finding(held, 'holders').remedy],
        ['warn', `sudo kill ${holder.pid}`],
      );
      assert.equal(unit!.dce.state.commandCount, commands, 'it was not asked');
      await paste(guest, finding(held, 'holders').remedy);
      await guest.until('it is free', () => holdersOf(unit!.tty).length === 0);

      const getty = guest.start(['/sbin/agetty', '-L', unit!.tty.replace('/dev/', ''), '115200', 'vt100']);
      await guest.until('agetty has it', () => holdersOf(unit!.tty).includes(getty.pid!));
      const gotten = await doctor(guest);
      assert.equal(finding(gotten, 'holders').verdict, 'fail');
      assert.match(
        finding(gotten, 'holders').remedy ?? '',
        /^sudo systemctl disable --now serial-getty@ttyACM\d\.service$/,
      );
      getty.kill('SIGKILL');
      await guest.until('it is free', () => holdersOf(unit!.tty).length === 0);

      unit!.misbehave('silent');
      const hung = await doctor(guest);
      assert.deepEqual(
        [finding(hung, 'answers').verdict, finding(hung, 'answers').remedy],
        ['fail', 'modemctl reset -d 1-1'],
      );
    },
  },
  {
    name: 'doctor --line: a dial tone, none; off-hook only when told, for 4 s at most, and on-hook afterwards; both chips',
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' }, { model: 'tfm561u' });
      assertFails(await guest.cli(['doctor', '--line', '-d', '1-1']), 2, 'USAGE');
      assert.equal(units[0]!.dce.state.commandCount, 0);
      for (const unit of units) {
        const args = ['--line', '--yes', '-d', unit.port];
        const alive = await doctor(guest, args);
        assert.deepEqual(alive.line, { state: 'dialTone', onHook: true });
        assert.equal(unit.dce.state.offHook, false);
        exchange.setCut(unit.number, true);
        const dead = await doctor(guest, args);
        assert.deepEqual(dead.line, { state: 'noDialTone', onHook: true });
        assert.equal(finding(dead, 'line', unit.port).verdict, 'fail');
        assert.equal(unit.dce.state.offHook, false);
      }
    },
  },
  {
    name: 'doctor --call: rings, caller ID, picking up; without a call it says so',
    async run(guest) {
      const { units, exchange } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units;
      const running = guest.startCli(['doctor', '--call', '--json', '-d', '1-1']);
      let said = '';
      let printed = '';
      running.stderr!.on('data', (data: Buffer) => {
        said += data.toString();
      });
      running.stdout!.on('data', (data: Buffer) => {
        printed += data.toString();
      });
      const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
      await guest.until('it says: now call', () => said.includes('Now call this line'), 60_000);
      assert.ok(exchange.ringFromOutside(unit!.number, { number: '5550137', name: 'SMITH JOHN' }, 10));
      await guest.until('the modem is off-hook', () => unit!.dce.state.offHook, 60_000);
      assert.equal(await ended, 0, said + printed);
      const document = JSON.parse(printed) as DoctorDocument;
      assert.deepEqual([document.call?.caller?.number, document.call?.pickedUp], ['5550137', true]);
      for (const check of ['rings', 'callerId', 'pickUp']) assert.equal(finding(document, check).verdict, 'ok');
      assert.ok(!JSON.stringify(document.findings).includes('5550137'), 'the number stays out of the findings');
      assert.match(said, /ring 1[\s\S]*5550137/);
      assert.equal(unit!.dce.state.offHook, false);

      const none = await doctor(guest, ['--call', '--wait', '2s', '-d', '1-1']);
      assert.equal(finding(none, 'rings').verdict, 'fail');
    },
  },
  {
    name: 'doctor --bundle: one file for its owner only, with sysfs, findings, info and kernel log, numbers masked; never written over',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      assert.equal((await guest.cli(['at', 'AT&Z0=5550137', 'ATI5'])).code, 0);
      const path = '/run/doctor-report.txt';
      assert.equal((await guest.cli(['doctor', '--bundle', path])).code, 0);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const text = readFileSync(path, 'utf8');
      guest.note(text);
      assert.match(text, /^1-1\/idVendor: 0baf$/m);
      assert.match(text, /^1-1\/descriptors: 12010002/m);
      assert.match(text, /^1-1:2\.0\/driver: cdc_acm$/m);
      assert.match(text, /^ok {5} driver: /m);
      assert.match(text, /V1\.2\.23/);
      assert.match(text, /cdc_acm 1-1:2\.0: ttyACM0/, 'the kernel log');
      assert.doesNotMatch(text, /5550137/);
      assertFails(await guest.cli(['doctor', '--bundle', path]), 2, 'USAGE');
      assert.equal(readFileSync(path, 'utf8'), text);
      assert.equal(units[0]!.dce.state.offHook, false);
    },
  },
];
