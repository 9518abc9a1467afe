import type { Malformed } from '@custos/core-bytes';

/** The reason for which a question has no answer. */
export type NoAnswer =
  | { readonly kind: 'malformed'; readonly malformed: Malformed }
  /** The code is well formed and names nothing that this service knows. */
  | { readonly kind: 'unknown'; readonly what: 'unit' | 'events of a unit' | 'lot' }
  /** `visible` does not let this asker see it. */
  | { readonly kind: 'hidden' }
  /** The party of the asker is not of this network. */
  | { readonly kind: 'stranger' }
  | { readonly kind: 'away'; readonly what: string }
  /** The unit moved between all questions to the validator. */
  | { readonly kind: 'moving' }
  /** The proof of the validator does not hold. */
  | { readonly kind: 'unproven' };

/** The result of a question: a value, or why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly no: NoAnswer };

/** Answers with a value. */
export function answered<T>(value: T): Answer<T> {
  return { ok: true, value };
}

/** Answers that there is no value. */
export function noAnswer(no: NoAnswer): Answer<never> {
  return { ok: false, no };
}
