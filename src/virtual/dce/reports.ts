/** Screens that show the modem's present state: `&V` of the Conexant family (as users' dumps have it), I4 to I6 of the USR family (its labels and order; the exact columns are a sibling's). */
import type { ReportName } from '../models/model.ts';
import type { Configuration, Profile } from './configuration.ts';

export function report(name: ReportName, configuration: Configuration, lastDialled: string): readonly string[] {
  switch (name) {
    case 'conexant-profiles':
      return conexantProfiles(configuration);
    case 'usr-settings':
      return usrSettings(configuration.profile(), 'Settings...', lastDialled);
    case 'usr-profiles':
      return [
        ...usrSettings(configuration.stored[0], 'NVRAM Settings...', null),
        ...configuration.numbers.map((number, slot) => `   &Z${slot}=${number}`),
      ];
    case 'usr-link':
      return ['U.S. Robotics 56K FAX USB Link Diagnostics...', '', `   Last Number Dialed     ${lastDialled}`];
  }
}

function conexantProfiles(configuration: Configuration): string[] {
  const show = ({ settings, registers }: Profile) => [
    // The dump shows T for tone dialling between Q and V, and no extended settings.
    Object.entries(settings)
      .filter(([name]) => /^&?[A-Z]$/.test(name))
      .map(([name, value]) => (name === 'V' ? `T V${value}` : name + value))
      .join(' '),
    [...Object.entries(registers)].map(([number, value]) => `S${number.padStart(2, '0')}:${value}`).join(' '),
    '',
  ];
  return [
    'ACTIVE PROFILE:',
    ...show({ ...configuration.profile(), registers: Object.fromEntries(configuration.registers) }),
    'STORED PROFILE 0:',
    ...show(configuration.stored[0]),
    'STORED PROFILE 1:',
    ...show(configuration.stored[1]),
    'TELEPHONE NUMBERS:',
    ...configuration.numbers.map((number, slot) => `${slot}=${number}`),
  ];
}

function usrSettings({ settings, registers }: Profile, title: string, lastDialled: string | null): string[] {
  const row = (pattern: RegExp) =>
    Object.entries(settings)
      .filter(([name]) => pattern.test(name))
      .map(([name, value]) => name + value)
      .join('  ');
  const numbers = Object.entries(registers).map(
    ([n, value]) => `S${n.padStart(2, '0')}=${String(value).padStart(3, '0')}`,
  );
  const lines = [
    `U.S. Robotics 56K FAX USB ${title}`,
    '',
    `   ${row(/^[A-Z]$/)}`,
    `   ${row(/^&[A-L]$/)}`,
    `   ${row(/^&[M-Z]$/)}`,
    '',
  ];
  for (let index = 0; index < numbers.length; index += 7)
    lines.push(`   ${numbers.slice(index, index + 7).join('  ')}`);
  if (lastDialled !== null) lines.push('', `   LAST DIALED #: ${lastDialled}`);
  return lines;
}
