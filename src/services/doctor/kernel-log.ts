/** The kernel's messages about one modem. */
import type { Patient } from './patient.ts';
import type { DoctorSystem } from './system.ts';

const MAX_LINES = 200;

/** The last ones, oldest first; null: nobody lets us read them. */
export async function kernelLogOf(patient: Patient, system: DoctorSystem): Promise<readonly string[] | null> {
  const all = (await linesOf(system, 'dmesg', [])) ?? (await linesOf(system, 'journalctl', JOURNAL));
  if (all === null) return null;
  const { id, tty } = patient;
  const escaped = id.replace(/[^\w-]/g, '\\$&');
  const own = new RegExp(
    `\\b(usb|cdc_acm|cdc-acm|hub) ${escaped}(?=[: ])|\\b${escaped}:\\d|\\b${tty?.split('/').pop() ?? id}\\b`,
  );
  const about = /cdc_acm|over-current|Under-voltage|dwc_otg|usb_submit_urb/i;
  return all.filter((line) => own.test(line) || about.test(line)).slice(-MAX_LINES);
}

const JOURNAL = ['--dmesg', '--boot', '--no-pager', '--output=short-monotonic', '--lines=2000'];

async function linesOf(system: DoctorSystem, program: string, args: readonly string[]): Promise<string[] | null> {
  const told = await system.run(program, args);
  if (told.kind !== 'ended' || told.code !== 0) return null;
  // journalctl says "-- No entries --" of what may not be seen.
  const lines = told.stdout.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('-- '));
  return lines.length > 0 ? lines : null;
}
