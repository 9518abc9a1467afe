/**
 * The transformer of a bigint column that holds heights, positions or milliseconds: all below 2^53, so a number holds
 * them. The driver hands a bigint out as text.
 */
export const bigintAsNumber = {
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
  to: (value: number | null): number | null => value,
} as const;
