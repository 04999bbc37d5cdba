/** Workflows of plain functions, without a model: one asks for a name and greets, one asks about each item of a list. */
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';

/** What a person answers: one text. */
const resumeSchema = z.object({ answer: z.string() });
const suspendSchema = z.object({ question: z.string() });
const Anything = z.object({}).loose();
const Text = z.object({ text: z.string() });

export const Hello = createWorkflow({ id: 'Hello', inputSchema: Anything, outputSchema: Text })
  .then(
    createStep({
      id: 'Name',
      inputSchema: Anything,
      outputSchema: z.object({ name: z.string() }),
      suspendSchema,
      resumeSchema,
      execute: async ({ resumeData, suspend }) =>
        resumeData === undefined ? suspend({ question: 'What is your name?' }) : { name: resumeData.answer },
    }),
  )
  .then(
    createStep({
      id: 'Result',
      inputSchema: z.object({ name: z.string() }),
      outputSchema: Text,
      execute: async ({ inputData }) => ({ text: `Hello, ${inputData.name}!` }),
    }),
  )
  .commit();

export const Menu = createWorkflow({ id: 'Menu', inputSchema: Anything, outputSchema: Text })
  .then(
    createStep({
      id: 'Plan',
      inputSchema: Anything,
      outputSchema: z.array(z.string()),
      execute: async ({ writer }) => {
        for (const line of ['Looking at the season', 'Choosing dishes']) {
          await writer?.write({ line });
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
        return ['Beans', 'Lentils', 'Peas'];
      },
    }),
  )
  .foreach(
    createStep({
      id: 'Dish',
      inputSchema: z.string(),
      outputSchema: z.string(),
      suspendSchema,
      resumeSchema: z.object({ portions: z.number().int().min(1), isSpicy: z.boolean() }),
      execute: async ({ inputData, resumeData, suspend }) =>
        resumeData === undefined
          ? suspend({ question: `How many portions of ${inputData}?` })
          : `${resumeData.portions} × ${resumeData.isSpicy ? 'spicy ' : ''}${inputData}`,
    }),
    { concurrency: 3 },
  )
  .then(
    createStep({
      id: 'Order',
      inputSchema: z.array(z.string()),
      outputSchema: Text,
      execute: async ({ inputData }) => ({ text: inputData.join(', ') }),
    }),
  )
  .commit();
