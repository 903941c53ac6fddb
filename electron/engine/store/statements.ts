import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

type Parameter = SQLInputValue | Record<string, SQLInputValue>;

/** The statements of a database, each prepared once. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  /** Returns every row of a query. */
  all<Row>(sql: string, ...parameters: readonly Parameter[]): Row[] {
    // SAFETY: the caller names the columns of its SQL; node:sqlite leaves them open. Parameters go as they came.
    return this.prepare(sql).all(...(parameters as SQLInputValue[])) as unknown as Row[];
  }

  /** Returns the first row of a query; undefined where there is none. */
  get<Row>(sql: string, ...parameters: readonly Parameter[]): Row | undefined {
    // SAFETY: as for `all`.
    return this.prepare(sql).get(...(parameters as SQLInputValue[])) as unknown as Row | undefined;
  }

  /** Returns the only row of a query that always has one. @throws if it has none */
  one<Row>(sql: string, ...parameters: readonly Parameter[]): Row {
    const row = this.get<Row>(sql, ...parameters);
    if (row === undefined) throw new Error(`No row for ${sql}`);
    return row;
  }
}
