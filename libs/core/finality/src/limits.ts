/**
 * The largest number of validators in an epoch. A certificate of 512 validators has about 22 KB, so a record of
 * hundreds of views still holds several.
 */
export const MAX_VALIDATORS = 512;

/**
 * The largest length of an endpoint, in characters: a host name of 253, a scheme, a port and a short path. It also fits
 * one row of a console.
 */
export const MAX_ENDPOINT_LENGTH = 300;

/**
 * The largest length of a finality record, in bytes. It leaves room for the frame within a lane message of 1,000,000
 * bytes (L4.5).
 */
export const MAX_RECORD_BYTES = 900_000;

/**
 * L4.5: the largest number of certificates below the final one. Older certificates stay in the store and can be pulled.
 */
export const MAX_RECORD_CERTIFICATES = 1_024;

/**
 * K14: the largest number of closing headers, one for each view. They take two thirds of a record, so that certificates
 * of several views still fit.
 */
export const MAX_CLOSING_HEADERS = 2_048;

/**
 * L4.4: the largest number of votes in a recovery report: the asker's votes known to one peer, three for each of the 64
 * views of K16, and the peer's own.
 */
export const MAX_RECOVERY_VOTES = 256;
