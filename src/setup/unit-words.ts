/** Words as systemd reads them from a unit's file (systemd.syntax(7), systemd.service(5) "Command lines", systemd.unit(5) "Specifiers"). */

/** Characters that mean nothing to systemd, wherever they stand. */
const PLAIN = /^[A-Za-z0-9_@+=:,./~^-]+$/;

/** One argument of ExecStart=. */
export function execWord(text: string): string {
  // `$$` and `%%` are the characters themselves, within quotes too.
  return quoted(text).replaceAll('%', '%%').replaceAll('$', '$$$$');
}

/** The program of ExecStart=: variables are not replaced in it. */
export function execProgram(path: string): string {
  return quoted(path).replaceAll('%', '%%');
}

/** A path where a setting takes several, separated by spaces (ReadWritePaths=). */
export function listedPath(path: string): string {
  return quoted(path).replaceAll('%', '%%');
}

/** A value that reaches to the end of its line (WorkingDirectory=, Description=): only specifiers and line ends mean something. */
export function wholeValue(text: string): string {
  return text.replaceAll('%', '%%');
}

/** Whether it can stand in a setting that knows no quotes. */
export function isOneLine(text: string): boolean {
  // A backslash at the end would go on with the next line, and blanks at the ends be cut off.
  return !/[\x00-\x1f\x7f]|\\$|^\s|\s$/.test(text);
}

function quoted(text: string): string {
  if (PLAIN.test(text)) return text;
  const inside = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/[\x00-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${inside}"`;
}
