import {
  brokenExclusion,
  brokenRequirement,
  brokenSignature,
  parseDigitalLink,
  SEPARATOR,
  toElementString,
  type AiElement,
  type parseElementString,
} from '@custos/core-gs1';

/** Options of the engine that differ from its defaults. */
export interface EngineOptions {
  readonly [name: string]: boolean;
}

export interface Answered {
  readonly ok: boolean;
  readonly value?: unknown;
}

export const NO: Answered = { ok: false };
export const yes = (value: unknown): Answered => ({ ok: true, value });

export function linkElements(link: string, options: EngineOptions) {
  return parseDigitalLink(link, {
    shortGtin: options['permitZeroSuppressedGTINinDLuris'],
    names: options['permitConvenienceAlphas'],
  });
}

/** Their FNC1 is `^`, and one always stands in front. */
export const theirText = (elements: readonly AiElement[]) => '^' + toElementString(elements).split(SEPARATOR).join('^');
export const ourText = (theirs: string) => theirs.slice(1).split('^').join(SEPARATOR);

/** Elements that are right by themselves and between each other, as their text. */
export function wholeText(result: ReturnType<typeof parseElementString>, options: EngineOptions): Answered {
  return result.ok && isWhole(result.value, options) ? yes(theirText(result.value)) : NO;
}

export function isWhole(elements: readonly AiElement[], options: EngineOptions): boolean {
  if (brokenExclusion(elements) || brokenSignature(elements)) return false;
  return options['validation.REQUISITE_AIS'] === false || brokenRequirement(elements) === undefined;
}
