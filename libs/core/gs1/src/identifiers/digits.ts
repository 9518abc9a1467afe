const ZERO = 48;

/** Returns whether the text has at least one character and only the digits 0 to 9. */
export function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > ZERO + 9) return false;
  }
  return true;
}

/**
 * Computes the GS1 check digit of digits that do not include it: weights 3, 1, 3 ... from the right, difference to the
 * next multiple of ten (General Specifications, 7.9).
 * @throws RangeError for any character but digits, which is a bug of the caller
 */
export function checkDigit(digits: string): string {
  if (!isDigits(digits)) throw new RangeError(`a check digit is computed over digits, not ${digits}`);
  return String(expected(digits, digits.length));
}

/** Returns whether the last digit is the check digit of the digits before it. The text must hold digits only. */
export function hasCheckDigit(digits: string): boolean {
  return digits.charCodeAt(digits.length - 1) - ZERO === expected(digits, digits.length - 1);
}

function expected(digits: string, length: number): number {
  let sum = 0;
  for (let i = length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) {
    sum += weight * (digits.charCodeAt(i) - ZERO);
  }
  return (10 - (sum % 10)) % 10;
}
