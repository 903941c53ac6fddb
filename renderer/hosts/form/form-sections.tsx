import { Checkbox, Group, Select, Stack, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import type { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { isFileTarget, starttlsProtocols } from '../../../shared/schema/target.ts';
import { count } from '../../../shared/text/words.ts';
import { BrowseButton, withPaths } from '../../components/browse-button.tsx';
import { RulesFields } from '../../components/rules-fields.tsx';
import classes from './form-sections.module.css';
import { emptyForm, type Field, type FormValues } from './form-values.ts';
import { readAddress } from './read-address.ts';

type JobForm = ReturnType<typeof useForm<FormValues>>;

/** The folded parts of the form. */
const sectionKeys = ['connection', 'alerts', 'trust', 'client', 'notes'] as const;
export type SectionKey = (typeof sectionKeys)[number];

const sectionOfField: Partial<Record<Field, SectionKey>> = {
  starttls: 'connection',
  servername: 'connection',
  ipAddress: 'connection',
  family: 'connection',
  allAddresses: 'connection',
  reader: 'connection',
  bothCertificates: 'connection',
  proxy: 'connection',
  ehloName: 'connection',
  caFiles: 'trust',
  certFile: 'client',
  keyFile: 'client',
  keyPassphraseFile: 'client',
  notes: 'notes',
};

/** Returns the folded section of a field; undefined for one that is always in view. */
export function sectionOf(field: Field): SectionKey | undefined {
  return field.startsWith('rules.') ? 'alerts' : sectionOfField[field];
}

interface FormSectionsProps {
  form: JobForm;
  job: JobView | null;
  open: ReadonlySet<SectionKey>;
  onToggle: (key: SectionKey) => void;
}

/** What most hosts leave at its default, folded under its present values. */
export function FormSections({ form, job, open, onToggle }: FormSectionsProps) {
  const { values } = form;
  const address = readAddress(values.address);
  const isFile = address.ok && isFileTarget(address.target);
  const section = (key: SectionKey, title: string, summary: string, children: () => ReactNode) => (
    <section className={classes['section']} key={key}>
      <UnstyledButton className={classes['head']} aria-expanded={open.has(key)} onClick={() => onToggle(key)}>
        <span aria-hidden="true" className={classes['arrow']} />
        <b>{title}</b>
        <span className={classes['summary']}>{summary}</span>
      </UnstyledButton>
      {open.has(key) && <div className={classes['fields']}>{children()}</div>}
    </section>
  );
  const last = job?.lastCheck;
  return (
    <div>
      {!isFile &&
        section('connection', 'Connection', connectionWords(values), () => <ConnectionFields form={form} />)}
      {section('alerts', 'Alerts', alertWords(values), () => (
        <RulesFields
          input={(field) => form.getInputProps(`rules.${field}`)}
          values={values.rules}
          validity={
            last?.validFrom && last.expiresAt
              ? { validFrom: Date.parse(last.validFrom), validTo: Date.parse(last.expiresAt) }
              : null
          }
        />
      ))}
      {section('trust', 'Trust', trustWords(values), () => (
        <>
          <Textarea
            label="CA files"
            description="PEM files with CAs to trust for this host, in addition to the usual roots (one path per line)"
            autosize
            minRows={1}
            spellCheck={false}
            {...form.getInputProps('caFiles')}
          />
          <BrowseButton
            what="files"
            purpose="to trust"
            onChosen={(paths) => form.setFieldValue('caFiles', withPaths(values.caFiles, paths))}
          />
        </>
      ))}
      {!isFile &&
        section('client', 'Client certificate', values.certFile || 'None', () => (
          <ClientCertificateFields form={form} />
        ))}
      {section('notes', 'Notes', values.notes.split('\n')[0] || 'None', () => (
        <Textarea label="Notes" autosize minRows={2} maxRows={12} {...form.getInputProps('notes')} />
      ))}
    </div>
  );
}

const starttlsChoices = [
  { value: 'auto', label: 'Automatic, by port' },
  { value: 'none', label: 'None (direct TLS)' },
  ...starttlsProtocols.map((protocol) => ({ value: protocol, label: protocol })),
];
const readers = [
  { value: 'light', label: 'Light – stop after the certificate' },
  { value: 'full', label: 'Full – complete the handshake as clients do' },
];
const families = [
  { value: 'any', label: 'IPv4 and IPv6' },
  { value: 'ipv4', label: 'IPv4 only' },
  { value: 'ipv6', label: 'IPv6 only' },
];

function ConnectionFields({ form }: { form: JobForm }) {
  const text = (field: keyof FormValues, label: string, placeholder: string) => (
    <TextInput label={label} placeholder={placeholder} spellCheck={false} {...form.getInputProps(field)} />
  );
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label="STARTTLS"
          data={starttlsChoices}
          allowDeselect={false}
          searchable
          {...form.getInputProps('starttls')}
        />
        {text('servername', 'Server name (SNI)', 'Same as the host')}
      </Group>
      <Group grow align="flex-start">
        {text('ipAddress', 'Fixed IP address', 'Resolve the name')}
        <Select
          label="Address family"
          data={families}
          allowDeselect={false}
          {...form.getInputProps('family')}
        />
      </Group>
      <Checkbox
        label="Check every address that the name resolves to, and show the worst"
        {...form.getInputProps('allAddresses', { type: 'checkbox' })}
      />
      <Select label="Handshake" data={readers} allowDeselect={false} {...form.getInputProps('reader')} />
      <Checkbox
        label="Check both the RSA and the ECDSA certificate, and show the worse"
        {...form.getInputProps('bothCertificates', { type: 'checkbox' })}
      />
      {text('proxy', 'Proxy', 'From settings, or: none, http://host:port, socks5://host:port')}
      {text('ehloName', 'EHLO name (mail servers)', 'Default')}
    </>
  );
}

function ClientCertificateFields({ form }: { form: JobForm }) {
  const path = (
    field: keyof FormValues,
    label: string,
    purpose: string,
    placeholder = 'Path to a PEM file',
  ) => (
    <Stack gap={4}>
      <TextInput label={label} placeholder={placeholder} spellCheck={false} {...form.getInputProps(field)} />
      <BrowseButton
        what="file"
        purpose={`for the ${purpose}`}
        onChosen={([chosen = '']) => form.setFieldValue(field, chosen)}
      />
    </Stack>
  );
  return (
    <>
      <Group grow align="flex-start">
        {path('certFile', 'Client certificate', 'certificate')}
        {path('keyFile', 'Client key', 'key')}
      </Group>
      {path('keyPassphraseFile', 'Passphrase file', 'passphrase', 'None')}
    </>
  );
}

function connectionWords(values: FormValues): string {
  const { starttls, family, proxy, servername, ipAddress } = values;
  const parts = [
    starttls === 'auto' ? 'STARTTLS by port' : starttlsChoices.find(({ value }) => value === starttls)?.label,
    families.find(({ value }) => value === family)?.label,
    servername && `SNI ${servername}`,
    ipAddress && `at ${ipAddress}`,
    proxy ? `proxy ${proxy.replace(/^([a-z0-9+.-]*):\/\/.*@/i, '$1://')}` : 'no own proxy',
  ];
  return parts.filter(Boolean).join(', ');
}

function alertWords({ rules }: FormValues): string {
  if (JSON.stringify(rules) === JSON.stringify(emptyForm.rules)) return 'Default';
  const parts = [
    rules.warning && `warning below ${rules.warning}`,
    rules.critical && `critical below ${rules.critical}`,
  ];
  return parts.filter(Boolean).join(', ') || 'Changed from the default';
}

function trustWords({ caFiles }: FormValues): string {
  const files = caFiles.split('\n').filter((line) => line.trim() !== '').length;
  return files === 0 ? 'Usual roots' : `Usual roots and ${count(files, 'CA file')}`;
}
