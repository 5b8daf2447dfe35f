/** Which Raspberry Pi this is, and how it switches the power of its USB sockets (uhubctl's README). No Pi can switch one socket. */
import { join } from 'node:path';
import { type SystemRoots, systemRoots } from '../core/system-roots.ts';
import { readAttribute } from './attribute.ts';

/** A hub of the board, and which of its ports have to be switched off. */
export interface GangHub {
  /** Port path of the hub, or a root hub's name, `usb1`. */
  readonly hub: string;
  readonly ports: readonly number[] | 'all';
}

export interface Gang {
  /** For people. */
  readonly told: string;
  /** All that has to be switched for the sockets to lose power. Everything below these hubs loses it, or may. */
  readonly hubs: readonly GangHub[];
}

/** By the model's name in the device tree, the first that fits. */
const GANGS: ReadonlyArray<readonly [model: RegExp, gang: Gang]> = [
  [
    / 5 | 500/,
    {
      told: 'its four USB sockets are switched together',
      hubs: ['usb1', 'usb2', 'usb3', 'usb4'].map((hub) => ({ hub, ports: 'all' })),
    },
  ],
  [
    / 4 | 400/,
    {
      told: 'its four USB sockets are switched together',
      hubs: [
        { hub: '1-1', ports: 'all' },
        { hub: 'usb2', ports: 'all' },
      ],
    },
  ],
  [
    / 3 Model B Plus/,
    { told: 'its four USB sockets are switched together, without Ethernet', hubs: [{ hub: '1-1', ports: [2] }] },
  ],
  [
    / (3|2) Model B| Model B Plus/,
    { told: 'its four USB sockets and Ethernet are switched together', hubs: [{ hub: '1-1', ports: [2] }] },
  ],
  [/./, { told: 'power of its USB socket cannot be switched', hubs: [] }],
];

/** The model as the device tree has it: `Raspberry Pi 3 Model B Plus Rev 1.3`; null: no Pi. */
export function piModel(roots: SystemRoots = systemRoots): string | null {
  const text = readAttribute(join(roots.sys, 'firmware/devicetree/base/model'))?.replaceAll('\0', '') ?? '';
  return text.startsWith('Raspberry Pi') ? text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100) : null;
}

/** How that model switches its sockets. */
export function gangOf(model: string): Gang {
  return GANGS.find(([pattern]) => pattern.test(`${model} `))?.[1] ?? { told: '', hubs: [] };
}
