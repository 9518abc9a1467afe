import { isDigits } from '@custos/core-gs1';

/**
 * Returns a decimal number without plus sign, leading zeros and trailing zeros of its fraction; zero has no sign. Any
 * other text stays unchanged. It works on text, without arithmetic (L5.6).
 */
export function canonicalNumber(text: string): string {
  const signed = text[0] === '-' || text[0] === '+';
  const dot = text.indexOf('.');
  const whole = text.slice(signed ? 1 : 0, dot < 0 ? text.length : dot);
  const fraction = dot < 0 ? '' : text.slice(dot + 1);
  if (!isDigits(whole) || (dot >= 0 && fraction !== '' && !isDigits(fraction))) return text;
  const integer = withoutLeadingZeros(whole);
  const decimals = withoutTrailingZeros(fraction);
  const magnitude = decimals === '' ? integer : `${integer}.${decimals}`;
  return text[0] === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

function withoutLeadingZeros(digits: string): string {
  let at = 0;
  while (at < digits.length - 1 && digits[at] === '0') at++;
  return digits.slice(at);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
