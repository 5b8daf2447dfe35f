/** +GCI codes by country (ITU-T T.35, annex A), as both chip families list them; a family's own differences stand with the family. */

import { ModemctlError } from '../../core/errors.ts';

/** By ISO 3166 code. */
export const COUNTRY_CODES: Readonly<Record<string, string>> = {
  AR: '07', // Argentina
  AU: '09',
  AT: '0A',
  BE: '0F',
  BR: '16',
  BG: '1B',
  CA: '20',
  CL: '25',
  CN: '26',
  CO: '27',
  CY: '2D',
  CZ: '2E',
  DK: '31',
  EG: '36',
  FI: '3C',
  FR: '3D',
  DE: '42',
  GR: '46',
  HK: '50',
  HU: '51',
  IS: '52',
  IN: '53',
  ID: '54',
  IE: '57',
  IL: '58',
  IT: '59',
  JP: '00',
  KR: '61',
  KW: '62',
  LB: '64',
  LU: '69',
  MY: '6C',
  MX: '73',
  MA: '77',
  NL: '7B',
  NZ: '7E',
  NO: '82',
  PK: '84',
  PH: '89',
  PL: '8A',
  PT: '8B',
  RO: '8E',
  RU: 'B8',
  SA: '98',
  SN: '99',
  SG: '9C',
  ZA: '9F',
  ES: 'A0',
  LK: 'A1',
  SE: 'A5',
  CH: 'A6',
  TH: 'A9',
  TN: 'AD',
  TR: 'AE',
  AE: 'B3',
  GB: 'B4',
  US: 'B5',
  UY: 'B7',
  TW: 'FE',
};

/**
 * A country as people type it (`de`, `UK`) as its ISO 3166 code.
 * @throws ModemctlError USAGE: there is none, or no modem has a code for it
 */
export function parseCountry(text: string): string {
  const upper = text.toUpperCase();
  const iso = upper === 'UK' ? 'GB' : upper;
  if (Object.hasOwn(COUNTRY_CODES, iso)) return iso;
  throw new ModemctlError('USAGE', `there is no code for the country "${text}"`, {
    hint: `Two letters (ISO 3166), one of: ${Object.keys(COUNTRY_CODES).sort().join(' ')}`,
  });
}
