import './styles/app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { setDocumentLanguage } from './lib/i18n/index';
import { apply, looks } from './lib/theme';

setDocumentLanguage(document.documentElement);
apply(document.documentElement, looks.now);
const target = document.getElementById('app');
if (target !== null) mount(App, { target });
