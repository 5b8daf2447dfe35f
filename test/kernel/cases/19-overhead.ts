// What recovery costs beyond what the kernel takes for its own reset, measured in turns in one run. The figures are noted; only what would be a fault is asserted, because time in an emulated guest is not time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { KernelCase } from '../guest/case.ts';
import { documentOf, type ResetDocument } from '../guest/contract.ts';
import type { Guest } from '../guest/guest.ts';
import { plugIn, type Unit } from '../guest/lab.ts';

const TURNS = 5;

/** USBDEVFS_RESET on an open node, by the clock of the one who asks, then an AT on the tty once it can be opened: nothing that could be left out. In milliseconds: the call, and all. */
const BARE = `
use Time::HiRes qw(time sleep); use Fcntl;
my ($node, $port) = @ARGV;
open(my $usb, "+<", $node) or die "$node: $!";
my $begin = time;
ioctl($usb, 0x5514, 0) or die "reset: $!";
my $reset = time;
my ($tty, $there);
for (1..2000) {
  ($tty) = glob("/sys/bus/usb/devices/$port:*/tty/ttyACM*");
  if ($tty) { $tty =~ s{.*/}{/dev/}; last if sysopen($there, $tty, O_RDWR | O_NOCTTY | O_NONBLOCK); }
  sleep 0.005;
}
my $open = time;
system("stty", "-F", $tty, "raw", "-echo", "clocal");
my $set = time;
syswrite($there, "AT\\r");
my $heard = "";
for (1..2000) { my $n = sysread($there, $heard, 100, length $heard); last if $heard =~ /OK\\r\\n/; sleep 0.002; }
my $end = time;
die "no answer: $heard" unless $heard =~ /OK/;
printf "%.1f %.1f\\n", 1000 * ($reset - $begin), 1000 * (($end - $begin) - ($set - $open));
`;

async function bare(guest: Guest, { port }: Unit): Promise<{ reset: number; all: number }> {
  const [bus, device] = ['busnum', 'devnum'].map((name) =>
    readFileSync(`/sys/bus/usb/devices/${port}/${name}`, 'utf8').trim().padStart(3, '0'),
  );
  const ran = await guest.run(['perl', '-e', BARE, `/dev/bus/usb/${bus}/${device}`, port]);
  assert.equal(ran.code, 0, ran.stderr);
  const [reset, all] = ran.stdout.trim().split(' ').map(Number);
  return { reset: reset!, all: all! };
}

/** udev's own work is nobody's overhead: its queue waits meanwhile, and the kernel alone makes the nodes, which root may open. */
async function withoutUdev<T>(guest: Guest, action: () => Promise<T>): Promise<T> {
  const control = async (option: string) => {
    assert.equal((await guest.run(['udevadm', 'control', option])).code, 0, `udevadm control ${option}`);
  };
  await control('--stop-exec-queue');
  try {
    return await action();
  } finally {
    await control('--start-exec-queue');
  }
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;

export const cases: KernelCase[] = [
  {
    name: 'overhead: from a hang to an answered AT by reset --method usb, against the bare USBDEVFS_RESET and an AT',
    async run(guest) {
      const { units } = await plugIn(guest, { model: 'usr5637' });
      const [unit] = units as [Unit];
      const starts: number[] = [];
      const bareResets: number[] = [];
      const bareAlls: number[] = [];
      const steps: number[] = [];
      const wholes: number[] = [];
      for (let turn = 0; turn < TURNS; turn += 1) {
        unit.misbehave('silent');
        const { reset, all } = await withoutUdev(guest, () => bare(guest, unit));
        bareResets.push(reset);
        bareAlls.push(all);
        await guest.settle();
        unit.misbehave('silent');
        const ran = await withoutUdev(guest, () => guest.cli(['reset', '--json', '--method', 'usb']));
        const { steps: done } = documentOf<ResetDocument>(ran, 0);
        steps.push(done[0]!.elapsedMs);
        wholes.push(ran.elapsedMs);
        starts.push((await guest.cli(['tty'])).elapsedMs);
        await guest.settle();
      }
      assert.equal(guest.log.resets().length, 2 * TURNS);
      const figures = { bareResets, bareAlls, steps, wholes, starts };
      for (const [name, all] of Object.entries(figures)) guest.note(`${name}: ${all.map(Math.round).join(' ')} ms`);
      const ratio = median(steps) / median(bareAlls);
      const ratios = [`hang to answered AT, against the bare reset and AT: ${ratio.toFixed(2)}`];
      ratios.push(`against the bare reset call alone: ${(median(steps) / median(bareResets)).toFixed(2)}`);
      ratios.push(`a start of the program: ${median(starts)} ms; the whole command: ${median(wholes)} ms`);
      console.log(`# ${ratios.join('; ')}`);
      assert.ok(median(steps) < 20 * median(bareAlls) + 5000, ratios.join('; '));
    },
  },
];
