//! How far one has read: what the server takes and answers.

import { call } from './call';

export interface Reading {
  taskId: number;
  /** The number of the last event that was seen; 0 when none. */
  readSeq: number;
  /** 100 stands for more, too. */
  unreadCount: number;
  firstUnreadId: number | null;
  mentioned: boolean;
}

export const readingApi = {
  of: async (taskId: number): Promise<Reading> => (await call<{ reading: Reading }>('GET', `/api/tasks/${taskId}/read`)).reading,
  several: async (taskIds: readonly number[]): Promise<Reading[]> => (await call<{ reading: Reading[] }>('GET', '/api/reading', { query: { taskIds: taskIds.join(',') } })).reading,
  mark: async (taskId: number, seq: number, back = false): Promise<Reading> =>
    (await call<{ reading: Reading }>('PUT', `/api/tasks/${taskId}/read`, { body: back ? { seq, back } : { seq } })).reading,
};
