import { Button, Group, Textarea } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import { BrowseButton, withPaths } from '../../components/browse-button.tsx';
import classes from './address-field.module.css';
import { chosenStarttls, type FormValues } from './form-values.ts';
import { readAddress } from './read-address.ts';

interface AddressFieldProps {
  form: ReturnType<typeof useForm<FormValues>>;
  canBeMany: boolean;
  isMany: boolean;
  /** A host that already has this address; null: none. */
  duplicate: JobView | null;
  onChange: () => void;
  onOpen: (job: JobView) => void;
  onAllow: () => void;
}

/** What to check: one address, or many. Says how the address is understood, and whether it is already in the list. */
export function AddressField(props: AddressFieldProps) {
  const { form, canBeMany, isMany, duplicate, onChange, onOpen, onAllow } = props;
  return (
    <>
      <Textarea
        label="Address"
        placeholder={`example.com, mail.example.com:587, a URL or a certificate file${canBeMany ? '; one per line' : ''}`}
        data-autofocus
        autosize
        minRows={1}
        maxRows={8}
        autoComplete="off"
        spellCheck={false}
        description={isMany ? undefined : understood(form.values)}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        onKeyDown={(event) => {
          // Enter saves a single address; in pasted lines it is a line break.
          if (event.key !== 'Enter' || event.shiftKey || isMany) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        {...form.getInputProps('address')}
        onChange={(event) => {
          onChange();
          form.setFieldValue('address', event.currentTarget.value);
        }}
      />
      <BrowseButton
        what={canBeMany ? 'files' : 'file'}
        purpose="with certificates"
        onChosen={(paths) => {
          onChange();
          form.setFieldValue('address', canBeMany ? withPaths(form.values.address, paths) : (paths[0] ?? ''));
        }}
      />
      {duplicate && (
        <Group className={classes['duplicate']} role="status" gap="xs">
          <span>
            <b>{jobName(duplicate)}</b> is already in the list.
          </span>
          <Button variant="default" onClick={() => onOpen(duplicate)}>
            Open it
          </Button>
          <Button variant="default" onClick={onAllow}>
            Add anyway
          </Button>
        </Group>
      )}
    </>
  );
}

/** Describes how the address is understood while it is typed. */
function understood({ address, starttls }: FormValues): string | undefined {
  if (address.trim() === '') return undefined;
  const read = readAddress(address);
  if (!read.ok) return undefined;
  if (isFileTarget(read.target)) return 'Will read this certificate file';
  const { host, port, starttls: usual } = read.target;
  const protocol = chosenStarttls(starttls, usual);
  const place = formatTarget({ host, port, servername: null, starttls: null });
  return `Will connect to ${place}${port === 443 ? ':443' : ''}${protocol ? `, ${protocol.toUpperCase()} with STARTTLS` : ''}`;
}
