import type { Result } from '@chancery/kernel/refusal';

/** What one command may reach. */
export interface EgressRequest {
  /** Each a `host:port` in its one form. */
  readonly hosts: readonly string[];
  /** Values of headers by `HOST:PORT/HEADER`: added to requests to that place, and seen nowhere else. */
  readonly credentials: ReadonlyMap<string, string>;
  /** Bytes that may be sent in all. */
  readonly bytesOut: number;
}

/** What became of one request or connection of a command. */
export interface EgressRecord {
  /** As it was asked for, where it could be read; may be a text of anybody. */
  readonly host: string;
  readonly port: number;
  /** Absent for a connection that nobody looked into. */
  readonly method?: string;
  readonly status?: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** `done`, or a code that tells why it was refused or broken off. */
  readonly verdict: string;
}

export interface EgressLog {
  /** The first ones, in their order. */
  readonly requests: readonly EgressRecord[];
  /** How many more there were. */
  readonly unlisted: number;
  readonly bytesOut: number;
  /** Whether anything of a host outside came in. */
  readonly heard: boolean;
}

/** The way out of one command, open while it runs. */
export interface EgressDoor {
  /**
   * Folder that is shown to the command, and to nobody else: with the socket `door`, where a proxy for
   * HTTP listens, and with `authorities.pem` where the command has to believe the proxy's own certificates.
   */
  readonly folder: string;
  readonly hasAuthorities: boolean;
  /** Ends all that is under way, and tells what was asked. */
  close(): Promise<EgressLog>;
}

/**
 * The one way from a command to a network: what decides, resolves and connects stands outside of the
 * sandbox.
 */
export interface Egress {
  /** A host, with a port or without (443), as `host:port` in its one form. Refuses `args.invalid`. */
  readPlace(text: string): Result<string>;
  /** Refuses `sandbox.unavailable`; nothing is open then. */
  open(request: EgressRequest): Promise<Result<EgressDoor>>;
}
