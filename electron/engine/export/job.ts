import type { Connection } from '../../../shared/schema/connection.ts';
import type { ExportedJob, Job } from '../../../shared/schema/job.ts';

/** A job as it is written out: all that is needed to add it again, and nothing that only this machine knows. */
export function exportJob({
  id: _id,
  createdAt: _created,
  updatedAt: _updated,
  creation: _creation,
  origin: _origin,
  connection,
  ...job
}: Job): ExportedJob {
  return { ...job, connection: withoutSecrets(connection) };
}

/** A proxy's password stays on this machine. */
function withoutSecrets(connection: Connection): Connection {
  if (connection.proxy === null || connection.proxy === 'none') return connection;
  const url = new URL(connection.proxy);
  url.username = '';
  url.password = '';
  return { ...connection, proxy: url.href.replace(/\/$/, '') };
}
