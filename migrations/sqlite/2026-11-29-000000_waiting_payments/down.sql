DROP TABLE waiting_payments;
