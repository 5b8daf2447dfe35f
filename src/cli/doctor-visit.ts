/** One visit of the doctor: what was looked at and found so far, what is done about it, and how it is told. */
import { ModemctlError } from '../core/errors.ts';
import { type Inspection, inspect } from '../modem/inspect.ts';
import type { SessionTarget } from '../modem/session.ts';
import { isAvailable } from '../native/libc.ts';
import { bundleText } from '../services/doctor/bundle.ts';
import { examineMachine, examineModem } from '../services/doctor/examine.ts';
import type { Finding } from '../services/doctor/finding.ts';
import { examineFirmware } from '../services/doctor/firmware.ts';
import { fixesFor } from '../services/doctor/fix.ts';
import { holdersOf } from '../services/doctor/holders.ts';
import { examineKept } from '../services/doctor/kept.ts';
import type { Patient } from '../services/doctor/patient.ts';
import { type DoctorSystem, thisSystem } from '../services/doctor/system.ts';
import { rulesState } from '../setup/udev-rules.ts';
import { OURS } from '../tty/holders.ts';
import { ttyAccess } from '../usb/tty-facts.ts';
import { examineConfiguration } from './config-finding.ts';
import type { Context } from './context.ts';
import { performFixes } from './doctor-fixes.ts';
import { findPatients } from './doctor-patients.ts';
import { findingFields, type Sheet, screen } from './doctor-screen.ts';
import { pluggedIn } from './plugged-in.ts';
import { versionText } from './version.ts';
import { withSession } from './with-session.ts';

export class Visit {
  readonly #context: Context;
  readonly #wantsInspection: boolean;
  #system: DoctorSystem | null = null;
  #patients: readonly Patient[] = [];
  #trouble: ModemctlError | null = null;
  #machine: readonly Finding[] = [];
  readonly #found = new Map<string, Finding[]>();
  readonly #inspections = new Map<string, Inspection>();

  constructor(context: Context, wantsInspection: boolean) {
    this.#context = context;
    this.#wantsInspection = wantsInspection;
  }

  async examine(): Promise<void> {
    const context = this.#context;
    const { clock, signal, world } = context;
    context.progress.start('looking');
    const { list, trouble } = await findPatients(context);
    const rules = rulesState(await pluggedIn(context));
    this.#system = thisSystem({ env: world.env, clock, signal, rules, hasKoffi: await isAvailable() });
    this.#patients = list;
    this.#trouble = trouble;
    this.#found.clear();
    for (const patient of list) {
      const around = await examineModem(patient, this.#system);
      this.#found.set(patient.id, [...around, ...(await this.#ask(patient, this.#system))]);
    }
    this.#machine = [...(await examineMachine(this.#system)), ...examineConfiguration(context.configured.settings)];
    context.progress.stop();
  }

  /** Only where nobody has the modem, not even one who would lend it; of our own commands, what they know. */
  async #ask(patient: Patient, system: DoctorSystem): Promise<Finding[]> {
    const { info, tty } = patient;
    if (tty === null || ttyAccess(tty) !== 'ok') return [];
    const target: SessionTarget = info === null ? { info: null, tty } : { info };
    const holders = holdersOf(patient, system);
    if (holders.some(({ command }) => command !== OURS)) return [];
    if (holders.length > 0) {
      const { signal } = this.#context;
      return withSession(this.#context, { target, borrow: false }, (session) => examineKept(session, signal));
    }
    return withSession(this.#context, { target, borrow: false }, async (session) => {
      const findings = await examineFirmware(session);
      const answers = findings.some(({ check, verdict }) => check === 'firmware' && verdict !== 'fail');
      if (this.#wantsInspection && answers) {
        const keep = (found: Inspection) => this.#inspections.set(patient.id, found);
        await inspect(session, { onFound: keep }).catch((error: unknown) => {
          // What was found until then was kept.
          if (!(error instanceof ModemctlError)) throw error;
        });
      }
      return findings;
    });
  }

  async repair(): Promise<void> {
    const context = this.#context;
    const fixes = fixesFor([...this.#machine, ...[...this.#found.values()].flat()]);
    const reports = await performFixes(context, fixes);
    context.report({ fixes: reports });
    for (const { done, problem } of reports)
      context.print(problem === null ? `did: ${done}` : `failed: ${done}: ${problem}`);
    if (reports.length === 0) context.print('nothing that can safely be repaired by itself');
    context.print('');
    if (reports.length > 0) await this.examine();
  }

  add(id: string, findings: readonly Finding[]): void {
    this.#found.set(id, [...(this.#found.get(id) ?? []), ...findings]);
  }

  get #sheets(): Sheet[] {
    const modems = this.#patients.map(({ id, info, tty }) => ({
      modem: id,
      title: info === null ? id : `${info.model} at ${id}${tty === null ? '' : ` (${tty})`}`,
      findings: this.#found.get(id) ?? [],
    }));
    return [...modems, { modem: null, title: 'this machine', findings: this.#machine }];
  }

  tell(): void {
    const sheets = this.#sheets;
    this.#context.report({ modems: this.#patients.map(({ id }) => id), findings: findingFields(sheets) });
    for (const line of screen(this.#context, sheets)) this.#context.print(line);
  }

  async bundle(): Promise<string> {
    if (this.#system === null) return '';
    return bundleText({
      version: versionText().trim().replace('modemctl ', ''),
      date: new Date(),
      system: this.#system,
      machine: this.#machine,
      cases: this.#patients.map((patient) => ({
        patient,
        findings: this.#found.get(patient.id) ?? [],
        inspection: this.#inspections.get(patient.id) ?? null,
      })),
    });
  }

  /** @throws ModemctlError FAULTS_FOUND, NO_MODEM, AMBIGUOUS */
  end(): void {
    if (this.#trouble) throw this.#trouble;
    const failed = this.#sheets.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === 'fail');
    if (failed.length === 0) return;
    const what = failed.length === 1 ? 'one thing keeps' : `${failed.length} things keep`;
    const [first] = failed.filter(({ remedy }) => remedy !== null);
    throw new ModemctlError('FAULTS_FOUND', `${what} the modem from working`, {
      hint: first?.remedy ?? undefined,
      details: { failed: failed.map(({ check }) => check) },
    });
  }
}
