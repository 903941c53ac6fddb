import { notifications } from '@mantine/notifications';
import { jobName } from '../../shared/domain/job-name.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { Api } from '../lib/api.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { saveFile } from '../lib/save-file.ts';

/** Copies the leaf to the clipboard as PEM. */
export async function copyLeaf(api: Api, { id }: JobView): Promise<void> {
  await withPem(api, id, async ([leaf = '']) => {
    try {
      await navigator.clipboard.writeText(leaf);
      notifications.show({ message: 'Certificate copied' });
    } catch {
      notifications.show({ color: 'red', message: 'The browser does not allow NotAfter to copy.' });
    }
  });
}

/** Downloads every certificate of the last result as one PEM file. */
export async function saveChain(api: Api, job: JobView): Promise<void> {
  await withPem(api, job.id, async (pem) => {
    saveFile(pem, 'application/x-pem-file', `${jobName(job)}.pem`);
  });
}

async function withPem(api: Api, id: string, use: (pem: string[]) => Promise<void>): Promise<void> {
  try {
    const { pem } = await api.jobs.chain({ id });
    if (pem.length === 0) notifications.show({ message: 'The last check found no certificate.' });
    else await use(pem);
  } catch (error) {
    notifications.show({
      color: 'red',
      title: 'Could not read the certificate',
      message: sentenceOf(error),
    });
  }
}
