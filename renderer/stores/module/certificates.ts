/** Certificates that signatures are held against. */
import type { CertificateChoice, GivenCertificates } from '#contract/certificates.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';
import { useModuleParts } from './parts.ts';

export const useCertificates = defineStore('certificates', () => {
  const notices = useNotices();
  const parts = useModuleParts();
  /** Undefined while that is not known. */
  const given = shallowRef<GivenCertificates>();
  /** They are being read: a kernel's image takes a moment. */
  const reading = ref(false);

  async function load(): Promise<void> {
    given.value = notices.valueOf(await bridge.certificates()) ?? given.value;
  }

  async function choose(what: CertificateChoice): Promise<void> {
    reading.value = true;
    const chosen = notices.valueOf(await bridge.chooseCertificates(what));
    reading.value = false;
    if (!chosen) return;
    given.value = chosen;
    await parts.renew(['signature', 'verdict']);
  }

  async function forget(): Promise<void> {
    given.value = notices.valueOf(await bridge.forgetCertificates()) ?? given.value;
    await parts.renew(['signature', 'verdict']);
  }

  return { given, reading, load, choose, forget };
});
