/** Starts the page. */
import { createPinia } from 'pinia';
import App from './App.vue';
import { createPage } from './drawing.ts';
import { useNotices } from './stores/notices.ts';
import './style/tokens.css';
import './style/base.css';

const app = createPage(App).use(createPinia());
// A defect in one part is told; the other parts go on.
app.config.errorHandler = (error) => {
  console.error(error);
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  useNotices().report({
    code: 'unexpected',
    message: 'A part of the window failed to draw: this is a defect.',
    detail,
  });
};
const place = document.querySelector('#app');
if (place) app.mount(place);
