import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { jobName } from '../../shared/headline.ts';
import type { JobView } from '../../shared/job.ts';
import type { Api } from '../api.ts';
import { tell } from '../components/tell.ts';
import { showJob } from '../components/use-route.ts';

export function DeleteDialog({ api, job, onClose }: { api: Api; job: JobView; onClose: () => void }) {
  const [isDeleting, setDeleting] = useState(false);
  const remove = async () => {
    setDeleting(true);
    const wentWell = await tell(api.jobs.remove({ id: job.id }), 'It could not be deleted');
    setDeleting(false);
    if (!wentWell) return;
    showJob(null);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Delete ${jobName(job)}?`}>
      <Text size="sm">It is no longer checked, and what was found so far is forgotten.</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red" loading={isDeleting} onClick={() => void remove()}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
