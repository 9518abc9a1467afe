/**
 * The bytes under a journal. A power cut during `append` may leave any part of those bytes at the end; one during
 * `replace` leaves the old bytes or the new ones, whole.
 */
export interface JournalMedium {
  read(): Promise<Uint8Array>;
  /** Resolves when the bytes are on disk. Never called again before that. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when the new bytes are on disk in place of all old ones. */
  replace(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The content that survives the twin of the file: `bytes`. Cut their end to tear a record, keep a copy for a stale backup. */
export class MemoryJournalDisk {
  bytes: Uint8Array = new Uint8Array(0);
  openings = 0;
}

/** The in-memory twin of the file. A medium opened on the same disk shuts the ones before it out, as a crash does. */
export function memoryJournalMedium(disk: MemoryJournalDisk = new MemoryJournalDisk()): JournalMedium {
  const opening = ++disk.openings;
  const write = async (bytes: () => Uint8Array): Promise<void> => {
    await Promise.resolve();
    if (opening !== disk.openings) throw new Error('the journal is closed');
    disk.bytes = new Uint8Array(bytes());
  };
  return {
    read: () => Promise.resolve(disk.bytes.slice()),
    append: (bytes) => write(() => Buffer.concat([disk.bytes, bytes])),
    replace: (bytes) => write(() => bytes),
    close: () => {
      if (opening === disk.openings) disk.openings++;
      return Promise.resolve();
    },
  };
}
