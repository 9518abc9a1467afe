/** A certificate of so many validators has 22 KB, so that a record of hundreds of views still holds some. */
export const MAX_VALIDATORS = 512;

/** A host name of 253 letters, a scheme, a port and a short path; also what one row of a console can show. */
export const MAX_ENDPOINT_LENGTH = 300;

/** Leaves room for the frame within a lane message of 1,000,000 bytes (L4.5). */
export const MAX_RECORD_BYTES = 900_000;

/** L4.5: conviction for the newest views; older certificates stay in the store and can be pulled. */
export const MAX_RECORD_CERTIFICATES = 1_024;

/** K14: one closing block a view; two thirds of a record, so that the certificates of some views still fit. */
export const MAX_CLOSING_HEADERS = 2_048;

/** L4.4: the asker's votes known to one peer: three a view in the 64 views of K16, and this peer's own. */
export const MAX_RECOVERY_VOTES = 256;
