const REFERENCES = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const CHECK_CHARACTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const PRIMES: readonly number[] = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];
const MODULUS = 1021;

/**
 * Computes the two check characters of a Global Model Number that does not include them (General Specifications,
 * 7.9.5): the index of each character in set 82 times a prime, ascending from the right, modulo 1021. Returns undefined
 * for more than 23 characters and for a character outside the set.
 */
export function checkCharacters(text: string): string | undefined {
  if (text.length > PRIMES.length) return undefined;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const value = REFERENCES.indexOf(text[i]!);
    if (value < 0) return undefined;
    sum += value * PRIMES[text.length - 1 - i]!;
  }
  sum %= MODULUS;
  return CHECK_CHARACTERS[sum >> 5]! + CHECK_CHARACTERS[sum & 31]!;
}

/** Returns whether the last two characters are the check characters of those before them. */
export function hasCheckCharacters(text: string): boolean {
  return text.length >= 2 && checkCharacters(text.slice(0, -2)) === text.slice(-2);
}
