/** The models that can be started, by the name that `--model` takes. */
import { ModemctlError } from '../../core/errors.ts';
import { hiro } from './hiro.ts';
import type { ModemModel } from './model.ts';
import { tfm561u } from './tfm561u.ts';
import { usr5637 } from './usr5637.ts';

export const MODELS: readonly ModemModel[] = [usr5637, tfm561u, hiro];

/**
 * The model of that name.
 * @throws ModemctlError USAGE
 */
export function modelNamed(id: string): ModemModel {
  const model = MODELS.find((candidate) => candidate.id === id.toLowerCase());
  if (model) return model;
  throw new ModemctlError('USAGE', `there is no virtual modem called ${JSON.stringify(id)}`, {
    hint: `choose from ${MODELS.map((candidate) => candidate.id).join(', ')}`,
  });
}
