import { Checkbox, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { isFileTarget, parseTarget, starttlsProtocols } from '../../../shared/schema/target.ts';
import { RulesFields } from '../../components/rules-fields.tsx';
import type { FormValues } from './form-values.ts';

const starttlsChoices = [
  { value: 'auto', label: 'Automatic, by port' },
  { value: 'none', label: 'None (direct TLS)' },
  ...starttlsProtocols.map((protocol) => ({ value: protocol, label: protocol })),
];

/** Fields that most hosts leave at their default. */
export function MoreFields({
  form,
  isMany,
}: {
  form: ReturnType<typeof useForm<FormValues>>;
  /** Many addresses at once have no common name. */
  isMany: boolean;
}) {
  return (
    <Stack gap="sm">
      {!isMany && (
        <TextInput label="Display name" placeholder="Same as the address" {...form.getInputProps('name')} />
      )}
      <Group grow align="flex-start">
        <Select
          label="STARTTLS"
          data={starttlsChoices}
          allowDeselect={false}
          searchable
          {...form.getInputProps('starttls')}
        />
        <TextInput
          label="Server name (SNI)"
          placeholder="Same as the host"
          spellCheck={false}
          {...form.getInputProps('servername')}
        />
      </Group>
      <RulesFields input={(field) => form.getInputProps(`rules.${field}`)} />
      <Textarea
        label="CA files"
        description="PEM files with CAs to trust for this host, in addition to the usual roots (one path per line)"
        autosize
        minRows={1}
        spellCheck={false}
        {...form.getInputProps('caFiles')}
      />
      <ConnectionFields form={form} />
      <Textarea label="Notes" autosize minRows={2} {...form.getInputProps('notes')} />
    </Stack>
  );
}

function ConnectionFields({ form }: { form: ReturnType<typeof useForm<FormValues>> }) {
  if (parsesAsFile(form.values.address)) {
    return (
      <TextInput
        label="Passphrase file"
        description="For PKCS#12: a file whose first line is the passphrase"
        spellCheck={false}
        {...form.getInputProps('passphraseFile')}
      />
    );
  }
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label="Fixed IP address"
          placeholder="Resolve the name"
          spellCheck={false}
          {...form.getInputProps('ipAddress')}
        />
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
      <TextInput
        label="Proxy"
        placeholder="From settings, or: none, http://host:port, socks5://host:port"
        spellCheck={false}
        {...form.getInputProps('proxy')}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Client certificate"
          placeholder="Path to a PEM file"
          spellCheck={false}
          {...form.getInputProps('certFile')}
        />
        <TextInput
          label="Client key"
          placeholder="Path to a PEM file"
          spellCheck={false}
          {...form.getInputProps('keyFile')}
        />
        <TextInput
          label="Passphrase file"
          placeholder="None"
          spellCheck={false}
          {...form.getInputProps('keyPassphraseFile')}
        />
      </Group>
    </>
  );
}

const readers = [
  { value: 'light', label: 'Light – stop after the certificate' },
  { value: 'full', label: 'Full – complete the handshake as clients do' },
];

const families = [
  { value: 'any', label: 'IPv4 and IPv6' },
  { value: 'ipv4', label: 'IPv4 only' },
  { value: 'ipv6', label: 'IPv6 only' },
];

function parsesAsFile(address: string): boolean {
  const parsed = parseTarget(address);
  return parsed.ok && isFileTarget(parsed.target);
}
