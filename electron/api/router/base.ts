import { implement, ORPCError } from '@orpc/server';
import type { RequestHeadersPluginContext, ResponseHeadersPluginContext } from '@orpc/server/plugins';
import { contract } from '../../../shared/contract/contract.ts';
import type { Access } from '../../../shared/schema/api-access.ts';
import { ChannelNameTakenError } from '../../engine/channels/channel-editor.ts';
import { IgnoreRuleError } from '../../engine/discovery/saved/ignore-rule.ts';
import { SavedSearchError } from '../../engine/discovery/saved/new-search.ts';
import { SearchRunningError } from '../../engine/discovery/saved/search-runner.ts';
import type { Engine } from '../../engine/engine.ts';
import { SourceNameTakenError } from '../../engine/file-sources/new-sources.ts';
import { AcceptanceError } from '../../engine/jobs/acceptances.ts';
import { KeptJobError } from '../../engine/jobs/job-service.ts';
import { TrustError } from '../../engine/jobs/trusted-files.ts';
import { CheckCancelled, MachineOffline } from '../../engine/monitor/check-queue.ts';
import { InputFileError } from '../../engine/probe/files/input-file.ts';
import { NoPdfError, PdfBusyError, PdfStoppedError } from '../../engine/reports/pdf.ts';
import { ReportNameTakenError } from '../../engine/reports/report-service.ts';
import { SettingsFieldError } from '../../engine/store/channel-secrets.ts';
import '../../engine/plain-sentences.ts';
import { KeyReusedError, StoreWriteError } from '../../engine/store/config-store.ts';
import { NewerExportError } from '../../engine/transfer/import-everything.ts';

/** What tells where the HTTP API is, and changes its token. */
export interface AccessControl {
  get(): Access;
  rotateToken(): Access;
}

/** What a call comes with. Headers are there where it came over HTTP. */
export interface RouterContext extends RequestHeadersPluginContext, ResponseHeadersPluginContext {
  engine: Engine;
  access: AccessControl;
  /** Aborts when what is answered bit by bit has to end: the service stops, or its token was changed. */
  closing?: AbortSignal;
}

const fieldErrors = [InputFileError, SettingsFieldError, AcceptanceError, TrustError, IgnoreRuleError];

/** Whether an error names the field of the request that it is about. */
function isAboutField(error: unknown): error is Error & { field: string } {
  return fieldErrors.some((kind) => error instanceof kind);
}

/** What a person or a script can cause becomes an answer with a sentence; the rest is a bug and passes through. */
export const os = implement(contract)
  .$context<RouterContext>()
  .use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      if (isAboutField(error)) throw fieldError(error.field, error.message, error);
      if (
        error instanceof CheckCancelled ||
        error instanceof KeptJobError ||
        error instanceof SourceNameTakenError ||
        error instanceof ChannelNameTakenError ||
        error instanceof SavedSearchError ||
        error instanceof SearchRunningError ||
        error instanceof ReportNameTakenError ||
        error instanceof NewerExportError
      )
        throw new ORPCError('CONFLICT', { message: error.message, cause: error });
      if (error instanceof KeyReusedError)
        throw new ORPCError('UNPROCESSABLE_CONTENT', { status: 422, message: error.message, cause: error });
      if (error instanceof NoPdfError)
        throw new ORPCError('NOT_IMPLEMENTED', { status: 501, message: error.message, cause: error });
      if (
        error instanceof MachineOffline ||
        error instanceof PdfBusyError ||
        error instanceof PdfStoppedError
      )
        throw new ORPCError('SERVICE_UNAVAILABLE', { message: error.message, cause: error });
      if (error instanceof StoreWriteError)
        throw new ORPCError('INSUFFICIENT_STORAGE', { status: 507, message: error.message, cause: error });
      throw error;
    }
  });

/** In the form in which oRPC reports what its schemas refuse. */
export function fieldError(
  field: string,
  message: string,
  cause?: unknown,
): ORPCError<'BAD_REQUEST', unknown> {
  return new ORPCError('BAD_REQUEST', {
    message: 'Input validation failed',
    data: { issues: [{ path: field.split('.'), message }] },
    cause,
  });
}

/** @throws ORPCError 404 for null */
export function found<Value>(value: Value | null, otherwise = 'There is no job with this id.'): Value {
  if (value === null) throw new ORPCError('NOT_FOUND', { message: otherwise });
  return value;
}
