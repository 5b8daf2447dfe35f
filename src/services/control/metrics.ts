/** What those who keep modems tell Prometheus, in its text format (prometheus.io/docs/instrumenting/exposition_formats). Names and labels are API. */
import { STEPS } from '../../modem/recover.ts';
import type { Session } from '../../modem/session.ts';
import type { Errands } from './errands.ts';
import { recoveredBy, type ServiceRecord } from './service-record.ts';

export interface KeptModem {
  readonly session: Pick<Session, 'id' | 'info'>;
  readonly errands: Pick<Errands, 'state'>;
  readonly record: ServiceRecord;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** None: not known. */
  readonly samples: (modem: KeptModem) => readonly Sample[];
}

const counted = (name: string, kind: string, help: string): Metric => ({
  name,
  type: 'counter',
  help,
  samples: ({ record }) => [[{}, record.count(kind)]],
});

const at = (iso: string | null): Sample[] => (iso === null ? [] : [[{}, Date.parse(iso) / 1000]]);

/** In the order of the file; counters begin when the modem is taken up. */
export const METRICS: readonly Metric[] = [
  {
    name: 'modemctl_up',
    type: 'gauge',
    help: '1 if the modem is there and answered when last asked.',
    samples: ({ record }) => [[{}, record.isUp ? 1 : 0]],
  },
  {
    name: 'modemctl_state',
    type: 'gauge',
    help: 'Always 1; the label says what the modem is doing.',
    samples: ({ errands }) => [[{ state: errands.state }, 1]],
  },
  {
    name: 'modemctl_last_answer_timestamp_seconds',
    type: 'gauge',
    help: 'When the modem last answered AT.',
    samples: ({ record }) => at(record.facts().lastAnswerAt),
  },
  {
    name: 'modemctl_last_call_timestamp_seconds',
    type: 'gauge',
    help: 'When it last rang, or a call came up.',
    samples: ({ record }) => at(record.facts().lastCallAt),
  },
  {
    name: 'modemctl_rings_without_caller_id',
    type: 'gauge',
    help: 'Rings of calls that brought no caller ID, since one last did.',
    samples: ({ record }) => [[{}, record.facts().ringsWithoutCallerId]],
  },
  counted('modemctl_rings_total', 'ring', 'Rings.'),
  counted('modemctl_calls_total', 'connect', 'Calls that came up.'),
  counted('modemctl_hangs_total', 'hung', 'How often the modem did not answer.'),
  {
    name: 'modemctl_recoveries_total',
    type: 'counter',
    help: 'How often it answered again, by the step that brought it back.',
    samples: ({ record }) =>
      [...STEPS, null].map((step) => [{ by: step ?? 'itself' }, record.count(recoveredBy(step))]),
  },
  counted('modemctl_recoveries_failed_total', 'gaveUp', 'How often nothing brought it back.'),
  counted('modemctl_unplugged_total', 'unplugged', 'How often it went away.'),
];

export function metricsText(modems: readonly KeptModem[]): string {
  return METRICS.map(({ name, type, help, samples }) => {
    const lines = modems.flatMap((modem) =>
      samples(modem).map(([labels, value]) => `${name}{${labelsOf(modem, labels)}} ${value}`),
    );
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
  }).join('');
}

function labelsOf({ session }: KeptModem, more: Readonly<Record<string, string>>): string {
  const labels = { modem: session.id, model: session.info?.model ?? '', ...more };
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (it) => (it === '\n' ? '\\n' : `\\${it}`))}"`)
    .join(',');
}
