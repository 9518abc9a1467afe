const ZERO = 48;

export function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > ZERO + 9) return false;
  }
  return true;
}

/**
 * The GS1 check digit of a row of digits that does not hold it yet: weights 3, 1, 3 ... from the right, up to the
 * next ten (General Specifications, 7.9). Anything but digits is a bug and throws RangeError.
 */
export function checkDigit(digits: string): string {
  if (!isDigits(digits)) throw new RangeError(`a check digit is computed over digits, not ${digits}`);
  return String(expected(digits, digits.length));
}

/** True when the last digit is the check digit of those before it. */
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
