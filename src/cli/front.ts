/**
 * The first file that runs. What is asked most, `--help` and `--version`, is answered from text that was made when the program was built; for everything else the program is loaded.
 */

/** By option; scripts/build.js has the program print them, and puts them here. */
declare const ANSWERS: Readonly<Record<string, string>>;

const [option, ...more] = process.argv.slice(2);
const answer =
  option !== undefined && more.length === 0 && Object.hasOwn(ANSWERS, option) ? ANSWERS[option] : undefined;
if (answer === undefined) {
  require('./program.cjs');
} else {
  // Whoever reads may have gone already: that ends us, silently.
  process.stdout.on('error', () => {});
  process.stdout.write(answer);
}
