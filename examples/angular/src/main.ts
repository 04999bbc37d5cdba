import { bootstrapApplication } from '@angular/platform-browser';
import { Editor } from './editor';

bootstrapApplication(Editor).catch((error: unknown) => console.error(error));
