// docs/modems.md: which modem works, for people who are about to buy one.
import { findModels, idsOf, VERDICTS, verdictOf } from '../../dist/usb/catalogue/verdict.js';
import { generatedFrom, page, table } from './markdown.js';

const TITLES = { works: 'Works', never: 'Never works', unknown: 'Nobody has told' };
const HEADS = ['USB id', 'model', 'chip', 'driver', 'sure', 'sources'];

export function modemsPage() {
  return page([
    '# Which modem',
    generatedFrom('src/usb/catalogue'),
    [
      'Decide by the USB id (`lsusb`), never by the brand: the Hiro H50228 works and the Hiro H50113 never will; the USR5637 works and its successor,',
      'the USR5639, is a softmodem. A *softmodem* (winmodem) left its signal processing to a Windows driver; no Linux driver exists for those sold on USB.',
      '"Sure" tells how well identity and driver are known; the sources are public. `modemctl models` prints the same, and `modemctl models TEXT` what matches.',
    ],
    ...VERDICTS.flatMap((verdict) => [`## ${TITLES[verdict]}`, table(HEADS, rowsOf(verdict))]),
  ]);
}

function rowsOf(verdict) {
  return findModels()
    .filter((row) => verdictOf(row) === verdict)
    .map((row) => {
      const names = [row.model, ...row.aliases].join('; ');
      return [idsOf(row) ?? '', names, row.chip ?? '', row.driver ?? '', row.confidence, row.sources.join('; ')];
    });
}
