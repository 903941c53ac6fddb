import type { StarttlsProtocol } from '../../../../shared/domain/starttls/protocols.ts';

/** A name of a TLS service that a configuration gives. It says where the name may be asked for, not that something answers there. */
export interface FoundName {
  /**
   * As it goes over the wire: lower case, A-labels, no dot at its end. A name with `*` as its first label is a pattern: nothing can be
   * asked for by it, but it tells which names belong there. An IP address where the source names a service by that alone.
   */
  name: string;
  /** Null where the source names none: that of the search counts. */
  port: number | null;
  /** `tls`: TLS comes first; null: the source does not say, so what is usual on the port counts. */
  protocol: StarttlsProtocol | 'tls' | null;
  /** The IP address that the source binds the name to, without brackets; null: it has to be looked up. */
  address: string | null;
  /** The file that gives it: the one that was named, or one that it includes. */
  file: string;
  /** From 1. */
  line: number;
}

/** What one source gives. */
export interface NamesRead {
  /** Each name once for each port, protocol and address, in the order of the source. */
  names: FoundName[];
  /** What was not understood, left out or not opened, as sentences. None of them keeps the rest from being used. */
  notes: string[];
}

/** A text that a reader reads: the file that was named, or one that it includes. */
export interface NameText {
  file: string;
  text: string;
  /** How many includes lie between it and the file that was named. */
  depth: number;
}

/** The fields of a name that a reader may leave out. */
type Optional = 'port' | 'protocol' | 'address';

/** Where a reader puts what it finds, and what opens the files that it includes, both within bounds. */
export interface NameCollector {
  /** Keeps a name. One that cannot be a host's is counted, and told of in a note. */
  add(found: Omit<FoundName, Optional | 'file'> & Partial<Pick<FoundName, Optional>>, from: NameText): void;
  /** Keeps a sentence, each once, with the place in front. */
  note(sentence: string, from: NameText, line?: number): void;
  /**
   * Opens what a line includes: files below the folder of the file that was named, never others.
   * @param pattern a path or a glob, relative to `base` where it is not absolute
   * @returns none where nothing may or can be opened: a note says so
   */
  include(pattern: string, from: NameText, line: number, options?: IncludeOptions): Promise<NameText[]>;
}

/** How an include is resolved. */
export interface IncludeOptions {
  /** The folder that the path is relative to; by default that of the file that was named. */
  base?: string;
  /** Whether files that are not there are no reason for a note: a glob, or an optional include. */
  isOptional?: boolean;
  /** Whether a folder means the files in it (HAProxy’s `crt`, Apache’s `Include`). */
  takesFolders?: boolean;
}

/** How the names in one kind of file are read. A new kind is a file in `readers/` and an entry in `readers.ts`. */
export interface NameReader {
  /** What people call the kind: `nginx`. */
  title: string;
  /** Where names come from and what is passed over, in one line for people. */
  gives: string;
  /** Whether a text looks like its kind: by its content alone. */
  fits(text: string): boolean;
  /** Reads a text. What it does not understand is a note, never an error. @throws whatever is a fault of ours */
  read(from: NameText, into: NameCollector): Promise<void> | void;
}
