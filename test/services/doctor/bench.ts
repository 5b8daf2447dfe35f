/** A recorded machine for the doctor: folders of files, and programs that say what a test wants. */
import { join } from 'node:path';
import type { Finding } from '../../../src/services/doctor/finding.ts';
import { type Patient, patientOf } from '../../../src/services/doctor/patient.ts';
import type { DoctorSystem, ProgramOutcome } from '../../../src/services/doctor/system.ts';
import { readModem } from '../../../src/usb/list-modems.ts';
import { FakeSystem } from '../../support/fake-system.ts';

export const RELEASE = '6.1.0-37-rpi';

export class DoctorBench extends FakeSystem {
  /** What programs print, by name; those not named are not installed. */
  readonly programs = new Map<string, string | ProgramOutcome>();
  readonly ran: string[] = [];

  constructor() {
    super();
    this.write(join(this.roots.proc, 'sys/kernel/osrelease'), `${RELEASE}\n`);
  }

  system(parts: Partial<DoctorSystem> = {}): DoctorSystem {
    const under = (name: string) => join(this.folder, name);
    return {
      roots: { ...this.roots, run: under('run'), modules: under('modules'), packagedRules: under('rules.d') },
      isRoot: false,
      user: 'pi',
      rules: 'current',
      hasKoffi: true,
      lookUp: (name) => (this.programs.has(name) ? 'there' : 'absent'),
      run: async (name, args) => {
        this.ran.push([name, ...args].join(' '));
        const said = this.programs.get(name);
        if (said === undefined) return { kind: 'absent' };
        return typeof said === 'string' ? { kind: 'ended', code: 0, stdout: said, stderr: '' } : said;
      },
      ...parts,
    };
  }

  /** A file of the machine: `run/udev/data/c189:3`. */
  file(path: string, content: string): this {
    this.write(join(this.folder, path), content);
    return this;
  }

  process(pid: number, comm: string, words: readonly string[] = [comm], cgroup = '0::/user.slice\n'): this {
    return this.file(`proc/${pid}/comm`, `${comm}\n`)
      .file(`proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(''))
      .file(`proc/${pid}/cgroup`, cgroup);
  }

  async patient(port: string): Promise<Patient> {
    const info = await readModem(port, { roots: this.roots, virtualFolder: this.virtualFolder });
    if (info === null) throw new Error(`nothing at ${port}`);
    return patientOf(info, this.roots);
  }
}

/** `power ok: it takes 360 mA`, for comparison. */
export function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ check, verdict, text }) => `${check} ${verdict}: ${text}`);
}
