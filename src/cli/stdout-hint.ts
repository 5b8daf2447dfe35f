/** What to do where stdout cannot be written. */
export function stdoutHint(code: string | undefined): string {
  return code === 'ENOSPC'
    ? 'Make room (df -h shows where), or have the output elsewhere.'
    : 'Have the output elsewhere.';
}
